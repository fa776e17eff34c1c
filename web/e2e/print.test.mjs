// What is printed: the form and the sheet are one A4 page each in every language, the code on them can be
// read by a telephone, and a district's page prints without what only a screen has.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import jsQR from "jsqr";
import { faults, firstDistrict, openBrowser, openHouse } from "./house.mjs";

let house;
let browser;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

/** Prints a page as a resident would; its file, and what `pdfinfo` says of it. */
async function printed(path, name) {
  const page = await browser.newPage();
  await page.goto(house.url + path);
  const file = join(house.folder, `${name}.pdf`);
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: false }));
  await page.close();
  const told = execFileSync("pdfinfo", [file], { encoding: "utf8" });
  const size = told.match(/Page size:\s+([\d.]+) x ([\d.]+)/).slice(1).map(Number);
  return { file, pages: Number(told.match(/Pages:\s+(\d+)/)[1]), size };
}

/** The text of a code that a camera would read off the first page at 100 dots an inch, in grey. */
function read(file) {
  const image = execFileSync("pdftoppm", ["-r", "100", "-gray", "-f", "1", "-l", "1", file], { maxBuffer: 1 << 26 });
  const [, width, height] = image.toString("latin1", 0, 40).match(/^P5\s+(\d+)\s+(\d+)\s+255\s/).map(Number);
  const grey = image.subarray(image.length - width * height);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < grey.length; at += 1) pixels.fill(grey[at], at * 4, at * 4 + 3).fill(255, at * 4 + 3, at * 4 + 4);
  return jsQR(pixels, width, height)?.data;
}

async function aPlace() {
  const base = await (await fetch(`${house.url}/1427/base.json`)).json();
  const named = base.places.features.map((feature) => feature.properties);
  return named.sort((a, b) => b.name.length - a.name.length)[0];
}

for (const language of ["sv", "en", "sv-easy"]) {
  test(`the form and the sheet on frauds are one A4 page each (${language})`, async () => {
    const place = await aPlace();
    for (const path of ["/1427/paper", `/1427/paper/${place.id}`, "/1427/fraud-sheet"]) {
      const { file, pages, size } = await printed(`${path}?lang=${language}`, "sheet");
      assert.equal(pages, 1, `${path} is ${pages} pages`);
      assert.ok(Math.abs(size[0] - 595) < 2 && Math.abs(size[1] - 842) < 2, `${path} is ${size} points`);
      assert.match(read(file), /^http.*\/1427\//, `the code of ${path} is read`);
    }
  });
}

test("the code of a place's form leads to that place, and is large enough for an old telephone", async () => {
  const place = await aPlace();
  const { file } = await printed(`/1427/paper/${place.id}?lang=sv`, "place");
  const address = new URL(read(file));
  assert.equal(address.pathname, `/1427/r/${place.id}`);
  const page = await browser.newPage();
  await page.goto(house.url + address.pathname + address.search);
  assert.equal(await page.inputValue("#locality"), place.id);
  await page.goto(`${house.url}/1427/paper/${place.id}`);
  await page.emulateMedia({ media: "print" });
  const wide = await page.locator(".ticket__qr svg").evaluate((svg) => (svg.getBoundingClientRect().width / 96) * 25.4);
  assert.ok(wide >= 28, `${wide} mm`);
  await page.close();
});

for (const width of [360, 1440]) {
  test(`on the screen the form is a sheet that fits at ${width} px`, async () => {
    const page = await (await browser.newContext({ viewport: { width, height: 900 }, locale: "sv-SE" })).newPage();
    await page.goto(`${house.url}/1427/paper`);
    if (width === 1440) assert.deepEqual(await faults(page), []);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    const height = await page.locator(".paper").evaluate((sheet) => sheet.getBoundingClientRect().height);
    if (width === 1440) assert.ok(height <= 1200, `${height} px: longer than the sheet it stands for`);
    await page.context().close();
  });
}

test("a district's page prints its three parts and nothing that only a screen has", async () => {
  const district = await firstDistrict(house);
  const { file, pages, size } = await printed(`/1427/district/${district}?lang=en`, "district");
  assert.ok(pages <= 3, `${pages} pages`);
  assert.ok(Math.abs(size[0] - 595) < 2);
  const text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
  for (const part of ["You said", "We did", "Did it change"]) assert.match(text, new RegExp(part, "i"), part);
  assert.doesNotMatch(text, /\bPrint\b|Report a place|Report an unsafe/);
  const page = await browser.newPage();
  await page.goto(`${house.url}/1427/district/${district}?lang=en`);
  await page.emulateMedia({ media: "print" });
  for (const screen of [".nav", ".no-print", ".with-script", ".foot ul"]) {
    for (const one of await page.locator(screen).all()) assert.ok(!(await one.isVisible()), screen);
  }
  await page.close();
});
