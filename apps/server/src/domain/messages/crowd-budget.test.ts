import { afterEach, expect, test } from "vitest";
import { insertPeople } from "../../testing/insert-people.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { editMessage } from "./edit-message.ts";
import { sendMessage } from "./send-message.ts";
import { setReaction } from "./set-reaction.ts";

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

async function codeOf(done: Promise<unknown>): Promise<string> {
  return done.then(
    () => "ok",
    ({ code = "failed" }: { code?: string }) => code,
  );
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
