import { webhookCalls } from "@miscord/client";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../apps/server/src/testing/test-server.ts";
import { TestSite } from "../../apps/server/src/testing/test-site.ts";
import { hideChannels, openSettings } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { desktop, launchBrowser, phone } from "../harness/browser.ts";
import { expectScreenAccessible } from "../harness/checks/screens.ts";
import { chooseInServerMenu, createServerWith, firstChannel } from "../harness/community.ts";
import { Person, type PersonOptions } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";

let site: TestSite;
let server: TestServer;
let chromium: Browser;

beforeAll(async () => {
  site = await TestSite.start();
  [server, chromium] = await Promise.all([startTestServer({}, { pages: site.rules }), launchBrowser()]);
});
afterAll(async () => {
  await chromium.close();
  await server.cleanup();
  await site.close();
});

async function arrive(name: string, options: PersonOptions): Promise<Person> {
  const place = { browser: () => Promise.resolve(chromium), url: server.url };
  const person = await Person.open(place, name, `${name}_${options.locale}`.toLowerCase(), options);
  await person.registerQuickly();
  return person;
}

const onPhone = { locale: "ru", theme: "light", viewport: phone, size: "phone" } as const;
const onDesktop = { locale: "en", theme: "dark", viewport: desktop, size: "desktop" } as const;

/** Turns the showing of previews on or off, for this person. */
async function turnOwn(person: Person): Promise<void> {
  await openSettings(person, "appearance");
  await person.page.getByRole("switch", { name: person.t("previews:own") }).click();
  await person.page.keyboard.press("Escape");
  await hideChannels(person);
}

test.each(storyVariants([onPhone, onDesktop] as const, [onDesktop, onPhone] as const))(
  "a link shows what its page is about, to both and without a word to the site; one press removes it, and who wants none sees none",
  async (ofAnna, ofBoris) => {
    const [anna, boris] = await Promise.all([arrive("Anna", ofAnna), arrive("Boris", ofBoris)]);
    await createServerWith([anna, boris]);
    site.file("/cat.png", "image/png", await boris.page.screenshot());
    const title = "Cats of Kronstadt <b>live</b>";
    const head = `<title>${title.replaceAll("<", "&lt;")}</title><meta property="og:image" content="/cat.png">
      <meta property="og:site_name" content="The Cats' Gazette">
      <meta name="description" content="**Every** day a new cat, ${"and another one, ".repeat(40)}">`;
    site.page("/cats", head);
    // Another host for each variant: what was read of the first is kept.
    const address = site.url("/cats", `site-of-${ofAnna.size}.example`);
    site.asked.length = 0;
    const requests: string[] = [];
    for (const person of [anna, boris]) person.page.on("request", (request) => requests.push(request.url()));

    await say(anna, `Look: ${address}`);
    for (const person of [anna, boris]) {
      const card = message(person, "Look").getByRole("region", { name: title });
      await card.getByText(/^\*\*Every\*\* day/).waitFor();
      expect(await card.getByRole("link", { name: title }).getAttribute("href")).toBe(address);
      const picture = card.locator("img");
      await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100);
    }
    expect(await boris.button(boris.t("previews:remove")).count()).toBe(0);
    await expectScreenAccessible(boris, ofBoris, "a link preview");
    await expectScreenAccessible(anna, ofAnna, "a link preview");
    expect(requests.filter((url) => url.includes("site-of"))).toEqual([]);
    expect(site.asked).toEqual(["/cats", "/cat.png"]);

    await turnOwn(boris);
    await message(boris, "Look").locator("img").waitFor({ state: "detached" });

    await say(anna, "Without");
    await message(boris, "Without").waitFor();
    await anna.button(anna.t("previews:remove")).click();
    await message(anna, "Look").locator("img").waitFor({ state: "detached" });
    await turnOwn(boris);
    await say(boris, `Mine: ${address}`);
    await message(boris, "Mine").locator("img").waitFor();
    await message(anna, "Mine").locator("img").waitFor();
    expect(await message(boris, "Look").locator("img").count()).toBe(0);
    expect(
      await message(anna, "Mine")
        .getByRole("button", { name: anna.t("previews:remove") })
        .count(),
    ).toBe(1);
    expect(site.asked).toEqual(["/cats", "/cat.png"]);

    await chooseInServerMenu(anna, "Friends", anna.t("servers:settings.open"));
    await anna.page.getByRole("switch", { name: anna.t("previews:server") }).click();
    await anna.page.getByRole("switch", { name: anna.t("previews:server"), checked: false }).waitFor();
    await anna.page.keyboard.press("Escape");
    await hideChannels(anna);
    await say(boris, `No more: ${site.url("/cats", "another.example")}`);
    await say(boris, "Afterwards");
    await message(anna, "Afterwards").waitFor();
    expect(await message(anna, "No more").getByRole("region").count()).toBe(0);
    expect(site.asked).toEqual(["/cats", "/cat.png"]);
  },
);

test("the picture that a webhook's embed names stands in its place, read by the server alone, until it is taken off", async () => {
  const [anna, boris] = await Promise.all([arrive("Vera", onPhone), arrive("Gleb", onDesktop)]);
  const home = await createServerWith([anna, boris]);
  site.file("/graph.png", "image/png", await boris.page.screenshot());
  const address = site.url("/graph.png", "graphs.example");
  const requests: string[] = [];
  for (const person of [anna, boris]) person.page.on("request", (request) => requests.push(request.url()));
  const hook = await webhookCalls(anna.rest).create(firstChannel(home, "text"), "Graphs");
  const embeds = [{ title: "Load", description: "of last week", image: { url: address } }];
  const send = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ embeds }) };
  await fetch(`${server.url}/api/webhooks/${hook.id}/${hook.token}`, send);
  for (const person of [anna, boris]) {
    const card = message(person, "of last week").getByRole("region", { name: "Load" });
    const link = card.getByRole("link", { name: person.t("webhooks:picture", { host: "graphs.example" }) });
    const picture = link.locator("img");
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100);
    expect(await link.getAttribute("href")).toBe(address);
    expect(await message(person, "of last week").getByRole("region").count()).toBe(1);
  }
  await expectScreenAccessible(boris, onDesktop, "a picture in an embed");
  await expectScreenAccessible(anna, onPhone, "a picture in an embed");
  expect(requests.filter((url) => url.includes("graphs.example"))).toEqual([]);
  await anna.button(anna.t("previews:remove")).click();
  await message(boris, "of last week").getByRole("region").locator("img").waitFor({ state: "detached" });
  await message(boris, "of last week")
    .getByText(boris.t("webhooks:picture", { host: "graphs.example" }))
    .waitFor();
});
