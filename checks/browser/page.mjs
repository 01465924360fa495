// Opens the daemon's page in a real browser, narrow and wide, light and dark: axe-core must
// find nothing, nothing may scroll sideways, and every control is reached and fired by keys.
//
//   node page.mjs URL CHROMIUM [FOLDER for screenshots]
import { chromium } from "playwright-core";
import { createRequire } from "node:module";
import { join } from "node:path";

const [url, executablePath, shots] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const problems = [];

async function check(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) problems.push(`${name}: scrolls sideways by ${wide} px`);
  const { violations } = await page.evaluate(() => window.axe.run());
  for (const v of violations) problems.push(`${name}: ${v.id}: ${v.help}: ${v.nodes.map((n) => n.target + " " + n.failureSummary).join("; ")}`);
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [380, 1200]) {
    // axe is put in beside the page's own policy, which would refuse it.
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await context.addInitScript({ path: axe });
    const page = await context.newPage();
    page.on("pageerror", (e) => problems.push(`${page.url()}: ${e}`));
    page.on("console", (m) => { if (m.type() === "error") problems.push(`${page.url()}: ${m.text()}`); });
    const kind = `${colorScheme}-${width}`;
    await page.goto(url + "/");
    await check(page, `overview-${kind}`);
    const run = await page.locator("a[href^='/runs/']").first().getAttribute("href");
    const table = await page.locator("a[href^='/tables/']").first().getAttribute("href");
    for (const [name, path] of [["plan", "/plan"], ["run", run], ["table", table]]) {
      await page.goto(url + path);
      await check(page, `${name}-${kind}`);
    }
    await context.close();
  }
}

// The page's own policy holds from here on. Every control is reached by Tab alone.
const context = await browser.newContext();
const page = await context.newPage();
page.on("console", (m) => { if (m.type() === "error") problems.push(`${page.url()}: ${m.text()}`); });
await page.goto(url + "/");
const controls = await page.locator("main a[href], main button, main input:not([type=hidden]), header a[href]").count();
const reached = new Set();
for (let i = 0; i < controls * 2 + 10; i++) {
  await page.keyboard.press("Tab");
  const at = await page.evaluate(() => {
    const e = document.activeElement;
    if (!e || e === document.body) return "";
    const style = getComputedStyle(e);
    const all = [...document.querySelectorAll("a[href], button, input")];
    return all.indexOf(e) + (style.outlineStyle === "none" ? " without an outline" : "");
  });
  if (at !== "") reached.add(at);
  if (at.includes("without")) problems.push(`focus does not show: control ${at}`);
}
if (reached.size < controls) problems.push(`of ${controls} controls, Tab reaches ${reached.size}`);

async function fire(label, then) {
  await page.goto(url + "/");
  await page.getByRole("button", { name: label }).first().focus();
  await page.keyboard.press("Enter");
  await page.waitForLoadState();
  await then();
}
await fire(/^Pause /, () => page.getByRole("button", { name: /^Resume / }).first().waitFor());
await fire(/^Resume /, () => page.getByRole("button", { name: /^Pause / }).first().waitFor());
await fire("Pause schedule.nightly", () => page.getByText("its schedule is paused by hand").first().waitFor());
await fire("Resume schedule.nightly", () => page.getByRole("button", { name: "Pause schedule.nightly" }).waitFor());
const runs = await page.locator("#runs-body tbody tr").count();
await fire(/^Run now: /, async () => {
  await page.locator("#runs-body tbody tr").nth(runs).waitFor(); // by the script alone
});
await page.goto(url + "/plan");
await page.getByRole("button", { name: "Approve this plan" }).focus();
await page.keyboard.press("Enter");
await page.waitForURL(url + "/");
await page.locator("#changes, #approved").waitFor({ state: "detached" });

await browser.close();
for (const p of problems) console.log(p);
process.exit(problems.length ? 1 : 0);
