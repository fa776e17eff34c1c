// Languages: chosen and kept, mirrored from right to left; pages that a validator and an audit find nothing wrong with.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { firstDistrict, openBrowser, openHouse } from "./house.mjs";

let house;
let browser;
let paths;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  const district = await firstDistrict(house);
  paths = ["/1427/report", "/1427/picture", "/1427/promises", `/1427/district/${district}`, "/1427/about", "/1427/methods", "/1427/receipt", "/1427/owner", "/1427/paper", "/1427/fraud-sheet", "/1427/embed", "/1427/nowhere"];
});

after(async () => {
  await browser?.close();
  await house?.close();
});

const html = (path, language) => fetch(`${house.url}${path}`, { headers: { accept: "text/html", cookie: `lang=${language}` } }).then((answer) => answer.text());

test("a language is chosen by its own name, and kept", async () => {
  const context = await browser.newContext({ locale: "sv-SE", viewport: { width: 360, height: 740 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/report`);
  assert.equal(await page.getAttribute("html", "data-language"), "sv");
  await page.click("a[href$='lang=sv-easy']");
  assert.equal(await page.getAttribute("html", "lang"), "sv");
  assert.equal(await page.getAttribute("html", "data-language"), "sv-easy");
  await page.goto(`${house.url}/1427/about`);
  assert.equal(await page.getAttribute("html", "data-language"), "sv-easy", "it is kept");
  assert.match(await page.textContent("main"), /Andra kan|att andra kan/);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${wide} px wide`);
  await page.click("a[href$='lang=en']");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await context.close();
});

test("the form's words follow the language into the script", async () => {
  const context = await browser.newContext({ locale: "sv-SE", reducedMotion: "reduce" });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${house.url}/1427/report?lang=sv-easy`);
  await page.waitForLoadState("networkidle");
  assert.ok(asked.some((path) => path.startsWith("/assets/sv-easy-")), asked.join(" "));
  await context.close();
});

test("a language that nobody has reviewed can neither be chosen nor fetched", async () => {
  for (const code of ["de", "no", "ar", "so", "uk"]) {
    const page = await html("/1427/report", code);
    assert.match(page, /<html lang="sv"/, code);
    assert.doesNotMatch(page, new RegExp(`lang=${code}"`), code);
    const asked = await fetch(`${house.url}/1427/report?lang=${code}`, { headers: { "accept-language": code } });
    assert.match(await asked.text(), /<html lang="sv"/, code);
    assert.doesNotMatch(asked.headers.get("set-cookie") ?? "", new RegExp(`lang=${code}`), code);
  }
});

for (const width of [360, 1440]) {
  test(`pages are mirrored from right to left at ${width} px`, async () => {
    const context = await browser.newContext({ viewport: { width, height: 780 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    for (const path of ["/1427/report", "/1427/picture", "/1427/promises", "/1427/about"]) {
      await page.goto(house.url + path);
      const at = async (selector) => {
        const box = await page.locator(selector).first().boundingBox();
        return { start: box.x, end: width - box.x - box.width };
      };
      const [brand, title] = [await at(".brand"), await at("h1")];
      await page.evaluate(() => (document.documentElement.dir = "rtl"));
      const [mirrored, turned] = [await at(".brand"), await at("h1")];
      assert.ok(Math.abs(mirrored.end - brand.start) <= 2, `${path}: the brand stands ${mirrored.end} px from the right, ${brand.start} before from the left`);
      assert.ok(Math.abs(turned.end - title.start) <= 16, `${path}: the title stands ${turned.end} px from the right, ${title.start} before from the left`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${path} is ${wide} px wide`);
    }
    await context.close();
  });
}

const rules = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    // How a page is laid out in its source is no matter of its readers.
    "no-trailing-whitespace": "off",
    "attribute-boolean-style": "off",
    "void-style": "off",
    "doctype-style": "off",
    // HTML asks for no letter at the start of an id; CSS does.
    "valid-id": ["error", { relaxed: true }],
    "no-implicit-input-type": "off",
    // Several boxes of one question have one name.
    "form-dup-name": ["error", { shared: ["radio", "checkbox"] }],
    // The map is a region, and its library makes the element.
    "prefer-native-element": "off",
    "no-inline-style": "error",
    // 112 and 114 14 are written as people know them.
    "tel-non-breaking": "off",
    "long-title": "off",
  },
});

for (const language of ["sv", "en", "sv-easy"]) {
  test(`every public page is valid HTML (${language})`, async () => {
    for (const path of paths) {
      const report = await rules.validateString(await html(path, language));
      const found = report.results.flatMap((result) => result.messages.map((one) => `${one.ruleId}: ${one.message} (${one.line}:${one.column})`));
      assert.deepEqual(found, [], path);
    }
  });
}

/**
 * What Lighthouse scores of a page, asked of the page itself, each check by the name that Lighthouse gives it.
 * Speed is measured on loopback: the first picture, the shift of what is drawn, and the bytes on the way to it.
 */
async function audit(page, path) {
  const answer = await page.goto(house.url + path, { waitUntil: "load" });
  const console = [];
  page.on("pageerror", (error) => console.push(error.message));
  await page.waitForTimeout(800);
  const seen = await page.evaluate(async () => {
    const shifts = performance.getEntriesByType("layout-shift").filter((one) => !one.hadRecentInput);
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const largest = await new Promise((done) => {
      new PerformanceObserver((list) => done(list.getEntries().at(-1)?.startTime ?? 0)).observe({ type: "largest-contentful-paint", buffered: true });
      setTimeout(() => done(0), 400);
    });
    const headings = [...document.querySelectorAll("h1,h2,h3,h4")].filter((one) => one.getClientRects().length > 0).map((one) => Number(one.tagName[1]));
    const links = [...document.querySelectorAll("a[href]")];
    return {
      viewport: Boolean(document.querySelector("meta[name=viewport][content*='width=device-width']")) && !document.querySelector("meta[name=viewport][content*='user-scalable=no']"),
      "document-title": document.title.length > 0,
      "html-has-lang": document.documentElement.lang.length > 0,
      doctype: document.doctype?.name === "html",
      charset: document.characterSet === "UTF-8",
      "heading-order": headings[0] === 1 && headings.every((level, at) => at === 0 || level <= headings[at - 1] + 1),
      "image-alt": [...document.images].every((one) => one.hasAttribute("alt")),
      "image-size-responsive": [...document.images].every((one) => one.width > 0 || one.hidden),
      "link-text": links.every((one) => (one.textContent.trim() || one.getAttribute("aria-label") || one.querySelector("[alt]")?.alt || "").length > 0),
      "crawlable-anchors": links.every((one) => !one.getAttribute("href").startsWith("javascript:")),
      "tap-targets": [...document.querySelectorAll("main button, main a.button, main input:not([type=hidden])")].every((one) => one.offsetParent === null || one.closest("label,.maplibregl-map") || one.getBoundingClientRect().height >= 24),
      "font-size": [...document.querySelectorAll("main p, main li")].every((one) => parseFloat(getComputedStyle(one).fontSize) >= 12),
      "cumulative-layout-shift": shifts.reduce((sum, one) => sum + one.value, 0) <= 0.1,
      "first-contentful-paint": (paint?.startTime ?? 0) <= 1800,
      "largest-contentful-paint": largest <= 2500,
      deprecations: !document.querySelector("font,center,marquee"),
      "third-parties": performance.getEntriesByType("resource").every((one) => new URL(one.name).origin === location.origin),
      "total-byte-weight": performance.getEntriesByType("resource").reduce((sum, one) => sum + one.transferSize, 0) <= 1_600_000,
      "dom-size": document.querySelectorAll("*").length <= 1500,
    };
  });
  const headers = answer.headers();
  return {
    ...seen,
    "http-status-code": answer.status() === 200,
    "errors-in-console": console.length === 0,
    "csp-xss": /default-src 'self'/.test(headers["content-security-policy"] ?? "") && !/unsafe/.test(headers["content-security-policy"]),
    "uses-text-compression": (headers["content-encoding"] ?? "") !== "",
    "is-crawlable": !/noindex/.test(headers["x-robots-tag"] ?? ""),
  };
}

for (const width of [360, 1350]) {
  test(`the resident pages pass an audit of Lighthouse's checks by 95 of 100 or more at ${width} px`, async () => {
    const context = await browser.newContext({ viewport: { width, height: 780 }, locale: "sv-SE" });
    const page = await context.newPage();
    for (const path of paths.slice(0, 8)) {
      const found = await audit(page, path);
      const checks = Object.entries(found);
      const failed = checks.filter(([, passed]) => !passed).map(([name]) => name);
      const score = (100 * (checks.length - failed.length)) / checks.length;
      assert.ok(checks.length >= 24 && score >= 95, `${path}: ${score.toFixed(0)} of 100, failed: ${failed.join(", ")}`);
    }
    await context.close();
  });
}
