import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bitsOf } from "@miscord/rights";
import { movingGif } from "../../apps/server/src/testing/moving-picture.ts";
import { startTestServer, type TestServer } from "../../apps/server/src/testing/test-server.ts";
import { TestSite } from "../../apps/server/src/testing/test-site.ts";
import { attach } from "../harness/actions/messages.ts";
import { desktop, launchBrowser, phone } from "../harness/browser.ts";
import { expectScreenAccessible } from "../harness/checks/screens.ts";
import { createServerWith, firstChannel } from "../harness/community.ts";
import { Person, type PersonOptions } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";

let site: TestSite;
let server: TestServer;
let chromium: Browser;

beforeAll(async () => {
  site = await TestSite.start();
  const gifProvider = { kind: "giphy", url: site.url("/api", "gifs.example") } as const;
  const settings = { gifProvider, gifApiKey: "sesame" };
  [server, chromium] = await Promise.all([startTestServer(settings, { pages: site.rules }), launchBrowser()]);
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

/** The service has these for every search, and the same as popular. */
async function offer(titles: readonly string[]): Promise<void> {
  const colours = ["#c62828", "#2e7d32", "#1565c0", "#f9a825"];
  const data = await Promise.all(
    titles.map(async (title, at) => {
      const moving = await movingGif({ width: 220, height: 150, colours: [colours[at]!, "#222"] });
      const url = site.url(`/gif${at}.gif`, "media.example");
      site.file(`/gif${at}.gif`, "image/gif", moving);
      const images = { fixed_width: { url, width: "220", height: "150" }, downsized_medium: { url } };
      return { id: `id${at}`, title, images };
    }),
  );
  const page = { data, pagination: { offset: 0, count: data.length, total_count: data.length } };
  for (const path of ["/api/search", "/api/trending"]) {
    site.file(path, "application/json", Buffer.from(JSON.stringify(page)));
  }
}

async function openGifs(person: Person): Promise<void> {
  await person.button(person.t("chat:composer.emoji")).click();
  await person.page.getByRole("tab", { name: person.t("gifs:title") }).click();
}

/** The GIF of the picker with this title. */
const offered = (person: Person, title: string) =>
  person.page.getByRole("gridcell").filter({ has: person.button(person.t("gifs:send", { title })) });
/** Pictures of messages that move. */
const shown = (person: Person, name: string) =>
  person.button(person.t("chat:attachment.open", { name })).locator("img");
const starOf = (person: Person, name: string, what: "add" | "remove") =>
  person.page
    .locator(".group\\/gif")
    .filter({ has: person.button(person.t("chat:attachment.open", { name })) })
    .getByRole("button", { name: person.t(`gifs:${what}`) });

const onPhone = { locale: "en", theme: "dark", viewport: phone, size: "phone" } as const;
const onDesktop = { locale: "ru", theme: "light", viewport: desktop, size: "desktop" } as const;

test.each(storyVariants([onDesktop, onPhone] as const, [onPhone, onDesktop] as const))(
  "a GIF of a message is starred and sent again, others are searched and sent, still until they are pointed at, and no browser calls the service",
  async (ofAnna, ofBoris) => {
    await offer(["Happy cat", "Sad cat", `A title that goes on ${"and on ".repeat(12)}`]);
    const [anna, boris] = await Promise.all([arrive("Anna", ofAnna), arrive("Boris", ofBoris)]);
    const home = await createServerWith([anna, boris]);
    const channelId = firstChannel(home, "text");
    const requests: string[] = [];
    for (const person of [anna, boris]) person.page.on("request", (request) => requests.push(request.url()));

    await openGifs(boris);
    await boris.page.getByText(boris.t("gifs:empty")).waitFor();
    await offered(boris, "Happy cat").waitFor();
    const small = offered(boris, "Happy cat").locator("img");
    await expect.poll(() => small.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(220);
    await expectScreenAccessible(boris, ofBoris, "picker with GIFs and no favourites");
    await boris.page.keyboard.press("Escape");

    const buffer = await movingGif({ width: 300, height: 200 });
    await attach(anna, { name: "dance.gif", mimeType: "image/gif", buffer });
    await anna.page.locator("#main").getByRole("textbox").last().press("Enter");
    if (anna.isOnPhone) await anna.button(anna.t("chat:composer.send")).click();
    // Still, as everybody in these tests wants less motion.
    for (const person of [anna, boris]) {
      await expect.poll(() => shown(person, "dance.gif").getAttribute("src")).toMatch(/\?still$/);
      await expect
        .poll(() => shown(person, "dance.gif").evaluate((img: HTMLImageElement) => img.naturalWidth))
        .toBe(300);
    }
    await starOf(boris, "dance.gif", "add").click();
    await starOf(boris, "dance.gif", "remove").waitFor();
    await openGifs(boris);
    await offered(boris, "dance").waitFor();
    await expectScreenAccessible(boris, ofBoris, "picker with favourite GIFs");
    await boris.button(boris.t("gifs:send", { title: "dance" })).click();
    await boris.page.getByRole("grid").first().waitFor({ state: "detached" });
    await shown(anna, "dance.webp").waitFor();

    await anna.page.mouse.move(0, 0);
    await shown(anna, "dance.webp").hover();
    await expect.poll(() => shown(anna, "dance.webp").getAttribute("src")).not.toContain("?");
    await starOf(anna, "dance.webp", "add").click();
    await starOf(anna, "dance.webp", "remove").waitFor();

    await openGifs(anna);
    await anna.page.keyboard.press("Tab");
    await anna.page.keyboard.type("cat");
    await anna.page.getByRole("grid", { name: anna.t("gifs:found") }).waitFor();
    await expectScreenAccessible(anna, ofAnna, "picker with found GIFs");
    await anna.field(anna.t("gifs:search", { provider: "GIPHY" })).press("ArrowDown");
    await anna.page.keyboard.press("ArrowRight");
    await anna.page.keyboard.press("Enter");
    await shown(boris, "Sad cat.webp").waitFor();
    for (const person of [anna, boris])
      await person.page.getByText(person.t("gifs:via", { provider: "GIPHY" })).waitFor();
    await expectScreenAccessible(anna, ofAnna, "messages with GIFs");
    await expectScreenAccessible(boris, ofBoris, "messages with GIFs");

    await openGifs(boris);
    await offered(boris, "dance")
      .getByRole("button", { name: boris.t("gifs:remove") })
      .click();
    await boris.page.getByText(boris.t("gifs:empty")).waitFor();
    await boris.page.keyboard.press("Escape");
    const denied = { type: "role", allow: 0, deny: bitsOf("attachFiles") } as const;
    await anna.rest.setOverride(channelId, home.everyone_role_id, denied);
    await boris.page.getByRole("button", { name: boris.t("chat:composer.attach") }).waitFor({ state: "detached" });
    await boris.button(boris.t("chat:composer.emoji")).click();
    await boris.page.getByRole("dialog").waitFor();
    expect(await boris.page.getByRole("tab", { name: boris.t("gifs:title") }).count()).toBe(0);
    expect(requests.filter((url) => !url.startsWith(server.url) && !/^(?:blob|data):/.test(url))).toEqual([]);
  },
);
