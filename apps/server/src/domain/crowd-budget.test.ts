import { afterEach, expect, test } from "vitest";
import { insertPeople } from "../testing/insert-people.ts";
import { codeOf } from "../testing/code-of.ts";
import { RealtimeWorld } from "../testing/realtime-world.ts";
import { webhookById } from "../store/queries/webhooks.ts";
import { changeThread } from "./threads/change-thread.ts";
import { createThread } from "./threads/create-thread.ts";
import { editWebhookMessage, executeWebhook } from "./webhooks/execute.ts";
import { createWebhook } from "./webhooks/manage.ts";
import { editMessage } from "./messages/edit-message.ts";
import { vote } from "./messages/polls.ts";
import { sendMessage } from "./messages/send-message.ts";
import { setReaction } from "./messages/set-reaction.ts";

let world: RealtimeWorld;
afterEach(() => world.close());

const emoji = "👍";

/** Makes so many people react to the message. */
async function addCrowd(messageId: number, count: number): Promise<void> {
  await insertPeople(world.store, count, (ids) => {
    const reactions = ids.map((id) => ({ message_id: messageId, emoji, user_id: id, position: 1, seq: 1 }));
    return world.store.db.insertInto("reactions").values(reactions).execute();
  });
}

test("votes, new names of a thread and edits of a webhook count as well", async () => {
  world = await RealtimeWorld.open();
  const [owner, guest] = [await world.person("owner"), await world.person("guest")];
  const { channelId } = await world.server(owner, guest);
  const { context, clock } = world;
  const [byOwner, byGuest] = [{ userId: owner.id }, { userId: guest.id }];
  const poll = { answers: ["yes", "no"], multiple: false, anonymous: true, duration_s: null };
  const { message } = await sendMessage(context, byOwner, { channelId, content: "?", poll });
  await addCrowd(message.id, 8_000);
  const codesOf = async (act: (time: number) => Promise<unknown>) => {
    const codes = [];
    for (let time = 0; time < 4; time += 1) {
      codes.push(await codeOf(act(time)));
      // Longer than votes of one poll are gathered.
      clock.advance(300);
    }
    clock.advance(60_000);
    return codes;
  };
  const some = ["ok", "ok", "ok", "rate_limited"];
  expect(await codesOf((time) => vote(context, byGuest, { messageId: message.id, answers: [time % 2] }))).toEqual(some);

  const thread = await createThread(context, byOwner, channelId, { ...plainThread, message_id: message.id });
  clock.advance(60_000);
  expect(await codesOf((time) => changeThread(context, byOwner, thread.id, { name: `name ${time}` }))).toEqual(some);
  expect((await isNamed(thread.id)).name).toBe("name 2");

  const { id } = await createWebhook(context, byOwner, channelId, "hook");
  const webhook = (await webhookById(world.store.db, id))!;
  const allowed = { everyone: false, names: null, roles: null };
  const sent = await executeWebhook(context, webhook, {
    content: "news",
    embeds: [],
    allowed,
    attachmentIds: [],
    isWithoutPreviews: false,
  });
  await world.store.db
    .updateTable("reactions")
    .set({ message_id: sent.id })
    .where("message_id", "=", message.id)
    .execute();
  const edit = (time: number) => editWebhookMessage(context, webhook, sent.id, { content: `news ${time}`, allowed });
  expect(await codesOf(edit)).toEqual(some);
}, 60_000);

const plainThread = { name: "thread", archive_after_s: 86_400 };

function isNamed(threadId: number) {
  return world.store.db.selectFrom("channels").where("id", "=", threadId).select("name").executeTakeFirstOrThrow();
}

test("who changes what thousands have reacted to again and again waits, and others do not", async () => {
  world = await RealtimeWorld.open();
  const [owner, guest] = [await world.person("owner"), await world.person("guest")];
  const { channelId } = await world.server(owner, guest);
  const send = async (content: string) =>
    (await sendMessage(world.context, { userId: owner.id }, { channelId, content })).message.id;
  const [popular, plain] = [await send("news"), await send("plain")];
  await addCrowd(popular, 8_000);
  const react = (userId: number, messageId: number, on: boolean) =>
    codeOf(setReaction(world.context, { userId }, { messageId, emoji, on }));
  const codes = [];
  for (let time = 0; time < 6; time += 1) codes.push(await react(guest.id, popular, time % 2 === 0));
  expect(codes).toEqual(["ok", "ok", "ok", "rate_limited", "rate_limited", "rate_limited"]);
  expect(await codeOf(editMessage(world.context, { userId: owner.id }, { messageId: popular, content: "more" }))).toBe(
    "ok",
  );
  // Eight thousand in all that is owed: four thousand.
  world.clock.advance(4_100);
  expect(await react(guest.id, popular, false)).toBe("ok");
  world.clock.advance(60_000);
  for (let time = 0; time < 30; time += 1) expect(await react(guest.id, plain, time % 2 === 0)).toBe("ok");
  const answer = { channelId, content: "an answer", replyToId: popular };
  expect(await codeOf(sendMessage(world.context, { userId: guest.id }, answer))).toBe("ok");
});
