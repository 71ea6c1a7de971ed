import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WebhookWithToken } from "@miscord/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../apps/server/src/clock.ts";
import { sweepPreviews } from "../../../apps/server/src/domain/previews/sweep.ts";
import type { Store } from "../../../apps/server/src/store/contract.ts";
import { openSqliteStore } from "../../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import { layouts, type TestInstance } from "../../../apps/server/src/testing/layouts.ts";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import { TestSite } from "../../../apps/server/src/testing/test-site.ts";
import { onboardingCalls, webhookCalls, type MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, say, timelineOf, until } from "./testing/client-world.ts";

/** Of one pixel. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

let site: TestSite;
let pages = 0;

/** A page that nobody has linked to yet, on a host of its own. */
function page(title: string): string {
  pages += 1;
  site.page(`/${pages}`, `<title>${title}</title><meta property="og:image" content="/cat.png">`);
  return site.url(`/${pages}`, `site${pages}.example`);
}

const timesAsked = (address: string) => site.asked.filter((path) => address.endsWith(path)).length;
const messageOf = (client: MiscordClient, channelId: number, id: number) =>
  timelineOf(client, channelId).messages.find((message) => message.id === id);
const titlesOf = (client: MiscordClient, channelId: number, id: number) =>
  messageOf(client, channelId, id)?.embeds?.map(({ title }) => title) ?? [];

beforeAll(async () => {
  site = await TestSite.start();
  site.file("/cat.png", "image/png", pixel);
});
afterAll(() => site.close());

describe("over two nodes", () => {
  let instance: TestInstance;
  let world: ClientWorld;
  beforeAll(async () => {
    instance = await layouts["two nodes"]!({ pages: site.rules });
  });
  afterAll(async () => {
    world.close();
    await instance.cleanup();
  });

  test("previews come to everybody as a fetch has them, follow edits, and stay away once removed", async () => {
    world = new ClientWorld(instance);
    const ann = await world.newcomer({ node: 0 });
    const bob = await world.newcomer({ node: 1 });
    const { channelId } = await world.unite(ann, bob);
    const [one, two] = [page("One"), page("Two")];
    const id = await say(ann, channelId, `${one} and ${two}`);
    await until(() => titlesOf(bob, channelId, id).length === 2);
    const shown = messageOf(bob, channelId, id)!;
    expect(shown).toMatchObject({ is_edited: false, edited_at: null });
    const [preview] = shown.embeds!;
    const image = { url: expect.stringMatching(/^\/api\/pictures\/[\w-]{24}$/), width: 1, height: 1 };
    expect(preview).toEqual({ kind: "link", url: one, title: "One", author: { name: new URL(one).host }, image });
    const picture = await fetch(instance.urls[1]! + preview!.image!.url);
    expect(picture.headers.get("content-type")).toBe("image/webp");
    await allConverge(ann, bob);

    await bob.rest.createMessage(channelId, { content: `again ${one}` });
    await until(() => timelineOf(ann, channelId).messages.at(-1)?.embeds?.[0]?.title === "One");
    expect([timesAsked(one), timesAsked(two)]).toEqual([1, 1]);

    await ann.editMessage(id, `only ${two}`);
    await until(() => titlesOf(bob, channelId, id).join() === "Two");
    await allConverge(ann, bob);

    await expect(bob.rest.call("DELETE", `/api/messages/${id}/previews`)).rejects.toMatchObject({ code: "forbidden" });
    await ann.rest.call("DELETE", `/api/messages/${id}/previews`);
    await until(() => titlesOf(bob, channelId, id).length === 0);
    await ann.editMessage(id, `${one} once more`);
    const next = await say(ann, channelId, one);
    await until(() => titlesOf(bob, channelId, next).length === 1);
    expect(titlesOf(bob, channelId, id)).toEqual([]);
    await allConverge(ann, bob);
  });
});

describe("on one node", () => {
  let folder: string;
  let store: Store;
  let server: TestServer;
  let world: ClientWorld;
  let ann: MiscordClient;
  let bob: MiscordClient;
  let serverId: number;
  let channelId: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "miscord-previews-"));
    store = await openSqliteStore({ file: join(folder, "test.db"), clock: systemClock });
    const settings = { publicUrl: `http://own.example:${site.port}` };
    server = await startTestServer(settings, { store, pages: site.rules });
  });
  beforeEach(async () => {
    world = new ClientWorld({ urls: [server.url] });
    ann = await world.newcomer();
    bob = await world.newcomer();
    ({ serverId, channelId } = await world.unite(ann, bob));
  });
  afterEach(() => world.close());
  afterAll(async () => {
    await server.cleanup();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Waits for the preview of a new message: what came before it has been decided by then. */
  async function seesPreview(channel = channelId): Promise<void> {
    const id = await say(ann, channel, page("Last"));
    await until(() => titlesOf(ann, channel, id).length === 1);
  }

  test("links in code, spoilers and angle brackets, to this instance and to inside are not read", async () => {
    const quiet = [page("Code"), page("Spoiler"), page("Angle")];
    const ids = [
      await say(ann, channelId, `\`${quiet[0]}\` ||${quiet[1]}|| <${quiet[2]}>`),
      await say(ann, channelId, `http://own.example:${site.port}/channels/1/2/3 ${site.url("/secret", "127.0.0.2")}`),
    ];
    await seesPreview();
    expect(ids.flatMap((id) => titlesOf(ann, channelId, id))).toEqual([]);
    expect(quiet.map(timesAsked)).toEqual([0, 0, 0]);
    expect([site.asked.filter((path) => path.startsWith("/channels")), site.askedInside]).toEqual([[], []]);
  });

  test("a server and the whole instance turn the reading off, a person the showing", async () => {
    const [inServer, inAll] = [page("Server"), page("All")];
    expect(await onboardingCalls(ann.rest).setLinkPreviews(serverId, false)).toMatchObject({ link_previews: false });
    await until(() => bob.store.getState().servers[serverId]?.link_previews === false);
    await say(ann, channelId, inServer);
    await onboardingCalls(ann.rest).setLinkPreviews(serverId, true);
    await until(() => bob.store.getState().servers[serverId]?.link_previews === true);
    await seesPreview();
    await store.db.updateTable("users").set({ is_admin: 1 }).where("id", "=", me(ann).id).execute();
    await ann.rest.call("PATCH", "/api/instance/settings", { body: { link_previews: "off" } });
    await say(ann, channelId, inAll);
    await ann.rest.call("PATCH", "/api/instance/settings", { body: { link_previews: null } });
    await seesPreview();
    expect([timesAsked(inServer), timesAsked(inAll)]).toEqual([0, 0]);

    await bob.rest.updateProfile({ link_previews: false });
    await until(() => me(bob).link_previews === false);
    await bob.rest.updateProfile({ link_previews: true });
    await until(() => !("link_previews" in me(bob)));
    await allConverge(ann, bob);
  });

  test("a page that cannot be read is not asked for again at once", async () => {
    const missing = site.url("/missing");
    await say(ann, channelId, missing);
    await seesPreview();
    await say(bob, channelId, missing);
    await seesPreview();
    expect(timesAsked(missing)).toBe(1);
  });

  test("one author makes the server read a few pages only, and others go on", async () => {
    const many = Array.from({ length: 18 }, (_, number) => page(`Page ${number}`));
    for (let at = 0; at < many.length; at += 3) await say(ann, channelId, many.slice(at, at + 3).join(" "));
    await expect.poll(() => many.filter((address) => timesAsked(address) > 0).length).toBe(15);
    const other = page("Other");
    const id = await say(bob, channelId, other);
    await until(() => titlesOf(bob, channelId, id)[0] === "Other");
    expect(many.filter((address) => timesAsked(address) > 0)).toHaveLength(15);
  });

  test("in a private conversation they come to both, and a webhook's own embeds stay apart", async () => {
    const dm = await ann.rest.openDm([me(bob).id]);
    await until(() => ann.store.getState().channels[dm.id] !== undefined);
    await Promise.all([ann.openChannel(dm.id), bob.openChannel(dm.id)]);
    const address = page("Private");
    const id = await say(ann, dm.id, address);
    await until(() => titlesOf(bob, dm.id, id)[0] === "Private");

    const hook = await webhookCalls(ann.rest).create(channelId, "CI");
    const linked = page("Linked");
    const made = await post(hook, "POST", "?wait=true", { content: linked, embeds: [{ title: "Own" }] });
    const posted = Number(((await made.json()) as { id: string }).id);
    await until(() => titlesOf(bob, channelId, posted).join() === "Own,Linked");
    const changed = await post(hook, "PATCH", `/messages/${posted}`, { content: `${linked} changed` });
    expect(await changed.json()).toMatchObject({ embeds: [{ title: "Own" }] });
    await until(() => messageOf(bob, channelId, posted)?.is_edited === true);
    expect(titlesOf(bob, channelId, posted)).toEqual(["Own", "Linked"]);
    await allConverge(ann, bob);
  });

  test("pictures that a webhook's embeds name are read once, follow edits, and pages in their place are not", async () => {
    const hook = await webhookCalls(ann.rest).create(channelId, "Cats");
    const [cat, dog, noPicture] = [
      site.url("/cat.png", "cats.example"),
      site.url("/cat.png", "dogs.example"),
      page("No picture"),
    ];
    const embeds = [
      { title: "Cat", image: { url: cat }, thumbnail: { url: dog } },
      { title: "x", image: { url: noPicture } },
    ];
    const made = await post(hook, "POST", "?wait=true", { embeds });
    const id = Number(((await made.json()) as { id: string }).id);
    const copied = () => messageOf(bob, channelId, id)?.embeds?.flatMap(({ kind, url }) => (kind ? [url] : []));
    await until(() => copied()?.length === 2);
    expect(copied()).toEqual([cat, dog]);
    const [copy] = messageOf(bob, channelId, id)!.embeds!.filter(({ kind }) => kind);
    expect(copy).toMatchObject({ image: { url: expect.stringMatching(/^\/api\/pictures\//), width: 1 } });
    await post(hook, "PATCH", `/messages/${id}`, { embeds: [{ title: "Dog", image: { url: dog } }] });
    await until(() => copied()?.join() === dog);
    await allConverge(ann, bob);
    await ann.rest.call("DELETE", `/api/messages/${id}/previews`);
    await until(() => copied()?.length === 0);
    await allConverge(ann, bob);
  });

  function post({ id, token }: WebhookWithToken, method: string, path: string, body: unknown) {
    const headers = { "content-type": "application/json" };
    return fetch(`${server.url}/api/v10/webhooks/${id}/${token}${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
    });
  }

  test("the picture of an expired preview stays while a message shows it, and goes with the message", async () => {
    const address = page("Swept");
    const id = await say(ann, channelId, address);
    await until(() => titlesOf(ann, channelId, id).length === 1);
    const { url } = messageOf(ann, channelId, id)!.embeds![0]!.image!;
    let days = 2;
    const later = { ...systemClock, now: () => Date.now() + days * 24 * 3_600_000 };
    const removed: string[] = [];
    const storage = { remove: async (key: string) => void removed.push(key) };
    const sweep = () => sweepPreviews({ store, clock: later, storage: storage as never });
    const answers = async () => (await fetch(server.url + url)).status;
    await sweep();
    expect([await answers(), removed.includes(url.split("/").at(-1)!)]).toEqual([200, false]);
    await ann.deleteMessage(id);
    await until(() => messageOf(ann, channelId, id) === undefined);
    days = 4;
    await sweep();
    expect([await answers(), removed.includes(url.split("/").at(-1)!)]).toEqual([404, true]);
  });
});
