// node apps/web/icons/render.mjs: draws public/icons/*.png from icon.svg with the machine's Chromium.
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const here = import.meta.dirname;
const out = join(here, "../public/icons");
const svg = await readFile(join(here, "icon.svg"), "utf8");
// A mask may cut a fifth off every side: the mark shrinks and its ground fills the square.
const maskable = svg.replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"').replace(/<rect[^>]*>/, "");

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--headless=new"],
});
const page = await browser.newPage();

async function render(name, size, markup, background) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<body style="margin:0;background:${background}">${markup.replace("<svg", `<svg width="${size}" height="${size}"`)}`,
  );
  await writeFile(join(out, name), await page.screenshot({ omitBackground: background === "transparent" }));
}

for (const size of [32, 192, 512]) await render(`icon-${size}.png`, size, svg, "transparent");
await render("icon-180.png", 180, maskable, "#1c1a17");
await render("maskable-512.png", 512, maskable, "#1c1a17");
await copyFile(join(here, "icon.svg"), join(out, "icon.svg"));
await browser.close();
