import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import { unpackSdk, versionsWith } from "../../../apps/server/src/testing/versions/fixture.ts";
import type { MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, password, textsOf, timelineOf, until } from "./testing/client-world.ts";

type Sdk = Pick<typeof import("./index.ts"), "createClient">;

const cases = versionsWith("client").flatMap((version) =>
  (["enhanced", "legacy"] as const).map((mode) => [version, mode] as const),
);

/** Legacy mode polls some changes, so the tests take long. */
describe.each(cases)("the SDK of %s, %s mode, on this server", (version, mode) => {
  let sdk: Sdk;
  let server: TestServer;
  let world: ClientWorld;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "miscord-sdk-"));
    sdk = (await import(pathToFileURL(await unpackSdk(version, folder)).href)) as Sdk;
    return () => rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    server = await startTestServer();
    world = new ClientWorld({ urls: [server.url] });
  });

  afterEach(async () => {
    world.close();
    await server.cleanup();
  });

  const messageOf = (client: MiscordClient, channelId: number, content: string) =>
    timelineOf(client, channelId).messages.find((message) => message.content === content);

  async function arrived(client: MiscordClient, channelId: number, content: string): Promise<number> {
    await until(() => messageOf(client, channelId, content) !== undefined);
    return messageOf(client, channelId, content)!.id;
  }

  /** A client of that version and one of this version, with the same channel open. */
  async function together() {
    const present = await world.newcomer();
    const earlier = await world.newcomer({ create: sdk.createClient, mode });
    return { present, earlier, ...(await world.unite(present, earlier)) };
  }

  test("logs in again, sends, edits, reacts, deletes and receives", async () => {
    const { present, earlier, channelId } = await together();
    const { username } = me(earlier);
    await earlier.logout();
    await earlier.login({ username, password });
    await until(() => earlier.store.getState().connection.ready);
    await until(() => earlier.store.getState().channels[channelId] !== undefined);
    await earlier.openChannel(channelId);

    present.sendMessage(channelId, { content: `from this version, to @${username}` });
    const question = await arrived(earlier, channelId, `from this version, to @${username}`);
    earlier.sendMessage(channelId, { content: "answer", replyTo: timelineOf(earlier, channelId).messages[0]! });
    const answer = await arrived(present, channelId, "answer");
    await arrived(earlier, channelId, "answer");
    await earlier.editMessage(answer, "better answer");
    await earlier.setReaction(question, "👍", true);
    await present.setReaction(answer, "🎉", true);
    await arrived(present, channelId, "better answer");
    await allConverge(...world.clients);
    expect(messageOf(present, channelId, "better answer")).toMatchObject({
      reply_to: { id: question },
      reactions: [{ emoji: "🎉", count: 1 }],
    });
    expect(earlier.store.getState().inbox.unread).toBe(1);
    earlier.sendMessage(channelId, { content: "mistake" });
    await earlier.deleteMessage(await arrived(earlier, channelId, "mistake"));
    await until(() => messageOf(present, channelId, "mistake") === undefined);
    await allConverge(...world.clients);
  });

  test("resumes after a restart of the server, with what was sent on both sides meanwhile", async () => {
    const { present, earlier, channelId } = await together();
    present.sendMessage(channelId, { content: "before" });
    await arrived(earlier, channelId, "before");
    const received: string[] = [];
    earlier.on("message", ({ content }) => received.push(content));
    await server.stop();
    earlier.sendMessage(channelId, { content: "queued by the earlier one" });
    present.sendMessage(channelId, { content: "queued by the present one" });
    await server.restart();
    for (const client of world.clients) {
      client.reconnect();
      for (const author of ["earlier", "present"]) await arrived(client, channelId, `queued by the ${author} one`);
    }
    await allConverge(...world.clients);
    expect(received).toContain("queued by the present one");
    for (const client of world.clients) {
      expect(textsOf(client, channelId).toSorted()).toEqual([
        "before",
        "queued by the earlier one",
        "queued by the present one",
      ]);
    }
  });
});
