import { safetyCalls } from "./index.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../apps/server/src/clock.ts";
import type { DomainContext } from "../../../apps/server/src/domain/context.ts";
import { expireFiles } from "../../../apps/server/src/domain/retention/expire-files.ts";
import { expireMessages } from "../../../apps/server/src/domain/retention/expire-messages.ts";
import type { Store } from "../../../apps/server/src/store/contract.ts";
import { openSqliteStore } from "../../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import { allConverge, ClientWorld, say, textsOf, timelineOf, until } from "./testing/client-world.ts";

const dayMs = 86_400_000;
const nothing = { message_days: 0, file_days: 0, file_mb: 0 };

let folder: string;
let store: Store;
let server: TestServer;
let world: ClientWorld;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "miscord-retention-"));
  store = await openSqliteStore({ file: join(folder, "test.db"), clock: systemClock });
  server = await startTestServer({}, { store });
  world = new ClientWorld({ urls: [server.url] });
});
afterAll(async () => {
  world.close();
  await server.cleanup();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("open clients follow rules and what they remove as a fresh fetch shows it", async () => {
  const ann = await world.newcomer();
  const bob = await world.newcomer();
  const { serverId, channelId } = await world.unite(ann, bob);
  const file = await ann.uploadAttachment(new File(["a long film"], "film.txt"));
  const old = await say(ann, channelId, "old", { attachments: [file] });
  const older = await say(ann, channelId, "older");
  await say(bob, channelId, "young");
  for (const [id, days] of [
    [old, 10],
    [older, 20],
  ] as const) {
    const created_at = Date.now() - days * dayMs;
    await store.db.updateTable("messages").set({ created_at }).where("id", "=", id).execute();
  }

  await safetyCalls(ann.rest).setRetention(serverId, { ...nothing, file_days: 5 });
  await safetyCalls(ann.rest).setChannelRetention(channelId, { ...nothing, message_days: 15 });
  await until(() => bob.store.getState().channels[channelId]?.retention?.message_days === 15);
  await until(() => bob.store.getState().servers[serverId]?.retention?.file_days === 5);

  const turn = { goesOn: () => true, share: <Result>(slice: () => Promise<Result>) => slice() };
  const storage = { remove: () => Promise.resolve() } as unknown as DomainContext["storage"];
  const context = { store, clock: systemClock, storage };
  expect(await expireFiles(context, turn, nothing)).toBe(1);
  await until(() => timelineOf(bob, channelId).messages[0]?.files_removed === 1);
  // The younger one of the two stands first: it keeps the other one until its own time has come.
  expect(await expireMessages(context, turn, nothing)).toBe(0);
  await safetyCalls(ann.rest).setChannelRetention(channelId, { ...nothing, message_days: 7 });
  expect(await expireMessages(context, turn, nothing)).toBe(2);
  await until(() => textsOf(bob, channelId).join() === "young");
  await allConverge(ann, bob);

  await safetyCalls(ann.rest).setRetention(serverId, nothing);
  await safetyCalls(ann.rest).setChannelRetention(channelId, nothing);
  await until(() => bob.store.getState().channels[channelId]?.retention === null);
  await until(() => bob.store.getState().servers[serverId]?.retention === null);
  await allConverge(ann, bob);
});
