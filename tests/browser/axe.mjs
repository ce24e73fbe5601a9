// axe-core over pages: light, dark, and 390 px wide. Prints one line a page and look; exits 1 on a serious or moderate violation.
import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wide = { width: 1280, height: 900 };
const LOOKS = {
  light: { colorScheme: "light", viewport: wide },
  dark: { colorScheme: "dark", viewport: wide },
  "390 px": { colorScheme: "light", viewport: { width: 390, height: 844 } },
};
const [browserPath, ...pages] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
let bad = 0;
for (const path of pages) {
  for (const [look, options] of Object.entries(LOOKS)) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(pathToFileURL(path).href);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    const overflows = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
    const serious = violations.filter((violation) => violation.impact !== "minor");
    bad += serious.length + errors.length + Number(overflows);
    const found = serious.map((violation) => `${violation.impact} ${violation.id} (${violation.nodes.length})`);
    console.log(`${path} ${look}: ${[...found, ...errors, ...(overflows ? ["wider than the window"] : [])].join("; ") || "clean"}`);
    await context.close();
  }
}
await browser.close();
process.exit(bad ? 1 : 0);
