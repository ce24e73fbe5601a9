// Three readers' tasks as clicks, on both reports. argv: browser, reports folder, target, rule, emulated target. Prints JSON lines.
import { chromium } from "playwright-core";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [browserPath, reports, target, rule, emulated] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const errors = [];
const outside = [];
const open = async (name) => {
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(`${name}: ${error}`));
  page.on("console", (message) => message.type() === "error" && errors.push(`${name}: ${message.text()}`));
  page.on("request", (request) => /^https?:|^wss?:/.test(request.url()) && outside.push(request.url()));
  await page.goto(pathToFileURL(join(reports, name)).href);
  return page;
};
// The words of an element, and whether it is on the screen without scrolling.
const seen = async (locator) => {
  const box = await locator.boundingBox();
  const { width, height } = locator.page().viewportSize();
  const inside = box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
  return { words: (await locator.innerText()).replace(/\s+/g, " ").trim(), inside };
};
const tell = (task, answers) => console.log(JSON.stringify({ task, ...answers }));

// Is it safe for tool calls? From the first screen to the target's page.
let page = await open("index.html");
const link = page.locator(".unknown li", { has: page.getByRole("link", { name: emulated }) });
const first = await seen(link);
await link.getByRole("link").click();
const tools = page.locator(".answers a", { hasText: "tool calls" });
const tile = await seen(tools);
await tools.click();
await page.waitForTimeout(300); // the page scrolls to the section
const field = await seen(page.locator(`[id="${new URL(page.url()).hash.slice(1)}"] > p.notice`).first());
tell("safe for tool calls", { first, tile, field });

// What broke since last time?
page = await open("index.html");
const changed = page.locator("#changed");
const broke = await seen(changed.locator(".changes li", { hasText: rule }).last());
await changed.getByRole("link", { name: rule }).click();
const article = await seen(page.locator(`article[data-verdict=fail]`, { hasText: rule }).locator(".findings li").first());
tell("what broke", { broke, article });

// What should I do next?
page = await open("index.html");
tell("what next", { step: await seen(page.locator("#next .steps li").first()), command: await page.locator("#next code").first().innerText() });

// A failing cell in Allure: its curl command and its transcript.
page = await open("allure.html");
await page.getByText(rule, { exact: false }).first().click();
const opened = {};
for (const kind of ["request as curl", "transcript"]) {
  await page.getByText(`: ${kind}`).first().click();
  const code = page.locator("pre", { hasText: kind === "transcript" ? "HTTP" : "curl" }).first();
  await code.waitFor({ timeout: 10000 });
  opened[kind] = (await code.innerText()).trim();
  await page.getByText(`: ${kind}`).first().click();
}
await page.screenshot({ path: join(reports, "allure-cell.png"), fullPage: true });
tell("failing cell in Allure", opened);
tell("quiet", { errors, outside });
await browser.close();
