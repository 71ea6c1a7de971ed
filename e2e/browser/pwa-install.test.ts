import { expect, test } from "vitest";
import { startServerProcess } from "../../apps/server/src/testing/server-process.ts";
import { Installation } from "../harness/installation.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

test("the app can be installed: Chromium finds no error in the manifest", async () => {
  const anna = await world.guest("Anna");
  await anna.open("/login");
  const devtools = await anna.context.newCDPSession(anna.page);
  const { errors, url } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(new URL(url).pathname).toBe("/manifest.webmanifest");
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  // Playwright's contexts are incognito windows, from which nothing can be installed.
  const missing = installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito");
  expect(missing).toEqual([]);
});

test("every icon has the size that the manifest declares", async () => {
  const anna = await world.guest("Anna");
  await anna.open("/login");
  const icons = await anna.page.evaluate(async () => {
    const manifest = (await (await fetch("/manifest.webmanifest")).json()) as {
      icons: { src: string; sizes: string }[];
    };
    return Promise.all(
      manifest.icons.map(async ({ src, sizes }) => {
        const image = new Image();
        image.src = src;
        await image.decode();
        return { sizes, size: `${image.naturalWidth}x${image.naturalHeight}` };
      }),
    );
  });
  const drawn = icons.filter(({ sizes }) => sizes !== "any");
  expect(drawn.length).toBeGreaterThan(1);
  expect(drawn.map(({ size }) => size)).toEqual(drawn.map(({ sizes }) => sizes));
});

test("a page that was loaded before opens without a network, and continues by itself when the network is back", async () => {
  const anna = await world.guest("Anna", { locale: "ru" });
  anna.problems.allowOutage();
  await anna.open("/login");
  await takenOver(anna);
  await anna.page.reload();
  await anna.page.getByRole("heading", { name: anna.t("auth:login.title") }).waitFor();
  // A link may lead to a file of the instance, which is no page to show in place of others.
  const file = await anna.context.newPage();
  await file.goto(new URL("/start.js", anna.page.url()).href);
  await file.close();
  await anna.context.setOffline(true);
  await anna.page.reload();
  await anna.page.getByText(anna.t("common:starting.late")).waitFor();
  await anna.context.setOffline(false);
  await anna.page.getByRole("heading", { name: anna.t("auth:login.title") }).waitFor();
});

test("after an update of the server the next page is the new one, although the service worker knows the old one", async () => {
  const installation = new Installation();
  const server = await startServerProcess({}, installation.script);
  try {
    const anna = await world.guest("Anna", { url: server.url });
    anna.problems.allowOutage();
    const heading = anna.page.getByRole("heading", { name: anna.t("auth:login.title") });
    await anna.open("/login");
    await takenOver(anna);
    await anna.page.reload();
    await heading.waitFor();
    const sources = () =>
      anna.page.locator("script[src]").evaluateAll((all) => all.map((one) => one.getAttribute("src")));
    const before = await sources();
    await server.stop();
    installation.update("Updated");
    await server.start();
    await anna.page.reload();
    await heading.waitFor();
    expect((await sources()).filter((one) => one?.includes("/assets/") && before.includes(one))).toEqual([]);
    const loaded = await anna.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    const scripts = loaded.filter((name) => /\/assets\/.*\.js$/.test(name));
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.filter((name) => !name.endsWith("new.js"))).toEqual([]);
  } finally {
    await server.dispose();
    installation.remove();
  }
});

/** The service worker caches files only once it controls the page. */
function takenOver({ page }: Person): Promise<void> {
  return page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
  });
}
