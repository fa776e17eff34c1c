// Every page that staff see, by the role that sees it, in the states that it has: how each is come to.
// The audit of contrast and the pictures go through this one list.
import { mapReady, plantSpot } from "./house.mjs";

const PASSWORD = "a password of a test";

/** What staff have to look at: a place that stands out, a text with a name and a number in it, an area of three municipalities. */
export async function prepareStaff(house) {
  plantSpot(house);
  const M = `${house.url}/api/v1/municipalities/1427`;
  for (const text of ["Ring Lars på 070-174 06 05 om lampan", "Lampan vid trappan är trasig."]) {
    const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
    const sent = await fetch(`${M}/reports`, { method: "POST", headers, body: JSON.stringify({ category: "lighting", place: { longitude: 11.2272, latitude: 58.3567 }, text }) });
    if (!sent.ok) throw new Error(await sent.text());
  }
  for (const code of ["1430", "1484"]) house.run(["municipality", "add", code]);
  house.run(["municipality", "area", "Fyrkusten", "1427", "1430", "1484"]);
  house.run(["user", "add", "planner-area", "--role", "police-planner", "--area", "Fyrkusten"], `${PASSWORD}\n`);
  house.logins["planner-area"] = { name: "planner-area", password: PASSWORD };
}

/** Shows a page of the app without loading the app again, and waits until it has what it shows. */
export async function show(page, house, path) {
  if (await page.locator("#staff-nav").count()) {
    await page.evaluate((to) => {
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    }, `/1427/staff/${path}`);
  } else await page.goto(`${house.url}/1427/staff/${path}`);
  await page.waitForSelector("[data-page-title]", { state: "attached" });
  // The picture may still be loading behind it.
  await page.waitForFunction(() => [...document.querySelectorAll("main .skeleton")].every((one) => !one.checkVisibility()));
}

const sheet = (open) => async (page) => {
  await open(page);
  await page.waitForSelector("dialog[open]");
};
const press = (key) => sheet((page) => page.keyboard.press(key));
/** Closes the sheet that is open. */
export async function closeSheet(page) {
  if (!(await page.locator("dialog[open]").count())) return;
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
}

/** Comes to a state of [`STAFF`], from the one before it. */
export async function come(page, house, to) {
  await closeSheet(page);
  if (typeof to === "string") await show(page, house, to);
  else await to(page, house);
}

/** By role the states in the order in which they are come to: a path, or what is done on the page before. */
export const STAFF = {
  coordinator: {
    picture: async (page) => {
      await mapReady(page);
      await page.waitForSelector(".place");
    },
    "picture-spot": async (page) => {
      await page.locator(".place").first().click();
      await page.waitForSelector(".why");
    },
    "picture-question": async (page) => {
      const line = page.locator(".question-line");
      if (await line.isVisible()) await line.click();
    },
    "picture-table": async (page) => {
      await page.locator(".tabs .chip").nth(1).click();
      await page.waitForSelector(".events a");
    },
    report: async (page) => {
      await page.locator(".events a").first().click();
      await page.waitForSelector(".way");
    },
    queue: "queue",
    "queue-marked": async (page) => {
      await page.waitForSelector(".queue-card");
      await page.locator(".queue-card__mark input").first().check();
      await page.waitForSelector(".queue__bulk");
    },
    "queue-redact": press("r"),
    "queue-forward": press("f"),
    "queue-answer": press("a"),
    unanswered: "unanswered",
    measures: "measures",
    "measure-form": sheet((page) => page.click(".page__head .button")),
    vetoes: "vetoes",
    heard: "heard",
    releases: "releases",
    archive: "archive",
    import: "import",
    weeks: "weeks",
    partners: "partners",
    watch: "watch",
    "watch-wish": sheet((page) => page.locator("[data-wish] button").first().click()),
    account: "account",
  },
  "police-planner": {
    plan: async (page, house) => {
      await show(page, house, "plan");
      await page.waitForSelector(".plan-stop");
    },
    "plan-question": (page) => page.click(".plan .question-line"),
    "plan-stop": (page) => page.locator(".plan-stop__head").first().click(),
    "plan-move": sheet((page) => page.locator(".plan-stop__acts .button").first().click()),
    "plan-wish": async (page) => {
      await page.locator(".plan-wishes .button, .plan-wishes .link-button").first().click();
      await page.waitForSelector(".plan-wish--new");
    },
    "plan-decided": async (page) => {
      await page.locator(".plan-keep .plan-keep__acts .button").first().click();
      await page.waitForSelector(".plan-keep__files");
    },
    "patrol-areas": async (page, house) => {
      await show(page, house, "patrol-areas");
      await page.waitForSelector(".areas-table tbody tr");
    },
    presence: "presence",
    controls: "controls",
  },
  "planner-area": {
    area: async (page, house) => {
      await show(page, house, "area");
      await page.waitForSelector(".area__member");
    },
  },
  admin: {
    users: "users",
    "user-new": sheet((page) => page.locator(".page__head .button").click()),
  },
};
