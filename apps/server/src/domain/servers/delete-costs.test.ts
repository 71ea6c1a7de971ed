import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../../store/conformance/world.ts";
import { auditRow } from "../../store/audit-row.ts";
import { insertPeople } from "../../testing/insert-people.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";
import { deleteManyMessages } from "../messages/delete-many.ts";
import { deleteChannel } from "./channels.ts";
import { deleteServer } from "./change-server.ts";

let world: RealtimeWorld;
let owner: TestPerson;
let neighbour: TestPerson;
let serverId: number;
let channelId: number;
let elsewhere: number;

beforeAll(async () => {
  world = await RealtimeWorld.open();
  [owner, neighbour] = [await world.person("owner"), await world.person("neighbour")];
  ({ serverId, channelId } = await world.server(owner));
  elsewhere = (await world.server(neighbour)).channelId;
});
afterAll(() => world.close());

/** How many messages of a neighbour are stored meanwhile, each of which is sent after the one before. */
async function sentDuring(work: Promise<unknown>): Promise<number> {
  const state = { isOver: false, sent: 0 };
  const end = () => void (state.isOver = true);
  work.then(end, end);
  while (!state.isOver) {
    await send(world.store, elsewhere, neighbour.id);
    state.sent += 1;
  }
  await work;
  return state.sent;
}

test("while messages to everyone are deleted together, others write", async () => {
  const { db } = world.store;
  const ids: number[] = [];
  for (let count = 0; count < 15; count += 1) {
    const { id } = await send(world.store, channelId, owner.id, { content: "@everyone", mentionsEveryone: true });
    ids.push(id);
  }
  const about = { kind: "everyone", actor_id: owner.id, server_id: serverId, channel_id: channelId };
  const notify = (people: readonly number[], message_id: number) =>
    db
      .insertInto("notifications")
      .values(
        people.map((user_id) => ({ ...about, user_id, message_id, invite_code: null, created_at: 1, read_at: null })),
      )
      .execute();
  await insertPeople(world.store, 2_000, async (people) => {
    for (const id of ids) await notify(people, id);
  });
  const actor = { userId: owner.id };
  const deletion = deleteManyMessages(world.context, actor, { channelId, messageIds: ids });
  expect(await sentDuring(deletion)).toBeGreaterThan(10);
  const left = await db.selectFrom("notifications").select("id").where("message_id", "in", ids).execute();
  expect(left).toEqual([]);
  expect((await world.store.log.history(channelId, { limit: 50 })).messages).toEqual([]);
  await db.deleteFrom("users").where("username", "like", "crowd%").execute();
}, 60_000);

test("while a channel is deleted that thousands were notified in, others write", async () => {
  const { db } = world.store;
  const { id: messageId } = await send(world.store, channelId, owner.id);
  const kind = "everyone";
  const about = { kind, actor_id: owner.id, server_id: serverId, channel_id: channelId, message_id: messageId };
  await insertPeople(world.store, 20_000, (ids) =>
    db
      .insertInto("notifications")
      .values(ids.map((user_id) => ({ ...about, user_id, invite_code: null, created_at: 1, read_at: null })))
      .execute(),
  );
  const actor = { userId: owner.id };
  expect(await sentDuring(deleteChannel(world.context, actor, channelId))).toBeGreaterThan(10);
  const left = await db.selectFrom("notifications").select("id").where("message_id", "=", messageId).execute();
  expect(left).toEqual([]);
}, 60_000);

test("while a server with a long audit log is deleted, others write", async () => {
  const { db } = world.store;
  const row = auditRow({ serverId, actorId: owner.id, action: "override_update", at: 1, subject: "channel" });
  for (let count = 0; count < 40; count += 1) {
    await db
      .insertInto("audit_log")
      .values(Array.from({ length: 500 }, () => row))
      .execute();
  }
  const actor = { userId: owner.id, sessionId: owner.sessionId };
  expect(await sentDuring(deleteServer(world.context, actor, serverId))).toBeGreaterThan(10);
  expect(await db.selectFrom("servers").select("id").where("id", "=", serverId).execute()).toEqual([]);
}, 60_000);
