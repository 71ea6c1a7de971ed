import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const dist = new URL("../../apps/web/dist", import.meta.url).pathname;
const index = readFileSync(join(dist, "index.html"), "utf8");
const budgetBytes = 250_000;

function initialScripts(): string[] {
  const scripts = [...index.matchAll(/<script[^>]*\bsrc="([^"]+)"/g)];
  const preloads = [...index.matchAll(/<link[^>]*rel="modulepreload"[^>]*href="([^"]+)"/g)];
  return [...scripts, ...preloads].map((match) => match[1]!);
}

test("the scripts of index.html are within the budget of gzipped JavaScript", () => {
  const scripts = initialScripts();
  expect(scripts.length).toBeGreaterThan(1);
  const sizes = scripts.map((path) => gzipSync(readFileSync(join(dist, path)), { level: 9 }).byteLength);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(budgetBytes);
});

test("whatever the server would compress for each who asks is there compressed", () => {
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).map((path) => join(dist, path));
  const compressible = files.filter((path) => /\.(?:js|css|html|svg|json|webmanifest|wasm|md|txt|xml)$/.test(path));
  const large = compressible.filter((path) => statSync(path).size >= 1_024);
  expect(large.length).toBeGreaterThan(10);
  expect(large.filter((path) => !existsSync(`${path}.gz`) || !existsSync(`${path}.br`))).toEqual([]);
});

/** Counts what the page requests until the network is idle, without the service worker. */
test("opening a channel loads JavaScript within the budget, and neither the emoji nor the highlighter", async () => {
  const anna = await world.person("Anna", { context: { serviceWorkers: "block" } });
  const server = await anna.rest.createServer({ name: "Friends" });
  const loaded: { path: string; bytes: number }[] = [];
  anna.page.on("requestfinished", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith(".js")) loaded.push({ path: pathname, bytes: statSync(join(dist, pathname)).size });
  });
  await anna.open(`/channels/${server.id}`);
  await anna.page.getByRole("heading", { level: 1, name: server.channels[0]!.name }).waitFor();
  await anna.page.waitForLoadState("networkidle");
  const gzipped = [...new Set(loaded.map(({ path }) => path))].map((path) => ({
    path,
    bytes: gzipSync(readFileSync(join(dist, path)), { level: 9 }).byteLength,
  }));
  const total = gzipped.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(total, JSON.stringify(gzipped)).toBeLessThan(budgetBytes);
  expect(gzipped.map(({ path }) => path).join(" ")).not.toMatch(/emoji|highlight|lowlight/);
});

test("index.html has no inline script, and the content security policy blocks one", async () => {
  expect(index).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(index).not.toMatch(/\son\w+="/);
  const anna = await world.guest("Anna");
  anna.problems.allow(/Content Security Policy/);
  await anna.open("/login");
  const ran = await anna.page.evaluate(async () => {
    const blocked = new Promise((resolve) =>
      document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), {
        once: true,
      }),
    );
    const script = document.createElement("script");
    script.textContent = "globalThis.inlineRan = true";
    document.body.append(script);
    return { directive: await blocked, inlineRan: "inlineRan" in globalThis };
  });
  expect(ran).toEqual({ directive: "script-src-elem", inlineRan: false });
});
