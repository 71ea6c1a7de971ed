import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WebhookWithToken } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../../apps/server/src/testing/layouts.ts";
import { botCalls, type MiscordClient, webhookCalls } from "./index.ts";
import { allConverge, ClientWorld, me, say, textsOf, timelineOf, until } from "./testing/client-world.ts";

const root = join(import.meta.dirname, "../../..");

describe("programs, over two nodes", () => {
  let instance: TestInstance;
  let world: ClientWorld;
  let ann: MiscordClient;
  let bob: MiscordClient;
  let serverId: number;
  let channelId: number;

  beforeAll(async () => {
    instance = await layouts["two nodes"]!();
  });
  beforeEach(async () => {
    world = new ClientWorld(instance);
    ann = await world.newcomer({ node: 0 });
    bob = await world.newcomer({ node: 1 });
    ({ serverId, channelId } = await world.unite(ann, bob));
  });
  afterEach(() => world.close());
  afterAll(() => instance.cleanup());

  const post = (node: number, { id, token }: WebhookWithToken, body: unknown, query = "") =>
    fetch(`${instance.urls[node]}/api/v10/webhooks/${id}/${token}${query}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  test("messages of a webhook, their edits, replies to them and their deletion are the same live and fetched", async () => {
    const hook = await webhookCalls(ann.rest).create(channelId, "CI");
    expect((await post(1, hook, { content: "one", username: "First" })).status).toBe(204);
    const answer = await post(0, hook, { embeds: [{ title: "Red build" }], username: "Second" }, "?wait=true");
    const { id } = (await answer.json()) as { id: string };
    await until(() => timelineOf(bob, channelId).messages.length === 2);
    expect(timelineOf(bob, channelId).messages.map(({ author }) => author.display_name)).toEqual(["First", "Second"]);
    await bob.rest.createMessage(channelId, { content: "mine", reply_to_id: Number(id) });
    await until(() => timelineOf(ann, channelId).messages.at(-1)?.reply_to?.content === "Red build");
    await allConverge(ann, bob);
    const at = `${instance.urls[1]}/api/webhooks/${hook.id}/${hook.token}/messages/${id}`;
    const headers = { "content-type": "application/json" };
    await fetch(at, { method: "PATCH", headers, body: JSON.stringify({ embeds: [{ title: "Green build" }] }) });
    await until(() => timelineOf(ann, channelId).messages.at(-1)?.reply_to?.content === "Green build");
    await allConverge(ann, bob);
    await fetch(at, { method: "DELETE" });
    await until(() => timelineOf(ann, channelId).messages.length === 2);
    await allConverge(ann, bob);
    await ann.rest.createMessage(channelId, { content: `@${me(bob).username} look` });
    expect((await post(1, hook, { content: `@${me(bob).username} too`, username: "Ringer" })).status).toBe(204);
    await until(() => bob.store.getState().inbox.notifications.length === 2);
    expect(bob.store.getState().inbox.notifications[0]!.actor).toMatchObject({
      display_name: "Ringer",
      is_webhook: true,
    });
    await allConverge(ann, bob);
  });

  test("the bot of docs/bots.md answers, and is gone from the members once its owner has left", async () => {
    const bot = await botCalls(bob.rest).create({ username: "pongbot" });
    expect(bot.is_bot).toBe(true);
    const role = await ann.rest.createRole(serverId, { name: "managers", permissions: bitsOf("manageGuild") });
    await ann.rest.giveRole(serverId, me(bob).id, role.id);
    await botCalls(bob.rest).addToServer(serverId, bot.id);
    const page = await readFile(join(root, "docs/bots.md"), "utf8");
    const folder = await mkdtemp(join(root, ".cache/bot-"));
    const file = join(folder, "bot.mjs");
    await writeFile(file, /```js\n(.*?)```/s.exec(page)![1]!);
    const env = { ...process.env, MISCORD_URL: instance.urls[1], MISCORD_TOKEN: bot.token };
    const program = spawn(process.execPath, [file], { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] });
    try {
      await until(() => ann.store.getState().members[serverId]?.[bot.id] !== undefined);
      await expect
        .poll(
          async () => {
            await say(ann, channelId, "!ping");
            return textsOf(ann, channelId).includes(`pong, @${me(ann).username}`);
          },
          { timeout: 60_000, interval: 500 },
        )
        .toBe(true);
      expect(timelineOf(ann, channelId).messages.at(-1)!.author.id).toBeGreaterThan(0);
      await bob.rest.leaveServer(serverId);
      await until(() => ann.store.getState().members[serverId]![bot.id] === undefined);
      await allConverge(ann);
    } finally {
      program.kill();
      await rm(folder, { recursive: true });
    }
  });
});
