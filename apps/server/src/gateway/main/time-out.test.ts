import { bitsOf } from "@miscord/rights";
import { afterEach, beforeEach, expect, test } from "vitest";
import { timeOutMember } from "../../domain/servers/time-out.ts";
import { putOverride, refreshRestricted } from "../../store/queries/roles.ts";
import { OldClient } from "../legacy/testing/old-client.ts";
import { openVoiceWorld, type VoiceWorld } from "../voice/testing/voice-world.ts";

const hourMs = 3_600_000;

let given: VoiceWorld;

beforeEach(async () => {
  given = await openVoiceWorld();
});
afterEach(() => given.world.close());

/** Ann owns the server; Bob is timed out by her. */
function timeOut(forMs: number | null): Promise<void> {
  const { world, ann, bob, serverId } = given;
  const until = forMs === null ? null : world.clock.now() + forMs;
  return timeOutMember(world.context, { userId: ann.id }, { serverId, userId: bob.id, until });
}

test("a member who is timed out neither writes, types, reacts, edits nor calls, until it ends", async () => {
  const { world, bob, textId, dial, enter } = given;
  const socket = await world.connect(bob);
  const call = await enter(bob);
  socket.send({ type: "join_channel", channel_id: textId });
  await socket.next("channel_synced");
  socket.send({ type: "chat_message", channel_id: textId, content: "before", nonce: "before" });
  const { id } = await socket.next("message_ack");

  const commands = [
    { type: "chat_message", channel_id: textId, content: "x", nonce: "x" },
    { type: "typing", channel_id: textId },
    { type: "reaction_add", message_id: id, emoji: "👍" },
    { type: "message_edit", message_id: id, content: "y" },
  ];
  const refusals = async () => {
    const codes: unknown[] = [];
    for (const [index, command] of commands.entries()) {
      const ref = `${world.clock.now()} ${index}`;
      socket.send({ ...command, ref });
      socket.send({ type: "ping" });
      const answer = await Promise.race([socket.next("error", (event) => event.ref === ref), socket.next("pong")]);
      if (answer.type === "error") await socket.next("pong");
      codes.push(answer.type === "error" ? answer.code : "done");
    }
    return codes;
  };

  // Shorter than the silence after which the socket would be closed.
  await timeOut(20_000);
  expect((await call.closed).code).toBe(4003);
  await socket.next("permissions_changed");
  // What the socket remembers of its rights is told apart from what the log decides.
  await expect.poll(refusals).toEqual(commands.map(() => "forbidden"));
  expect((await dial(bob).closed).code).toBe(4003);

  world.clock.advance(20_001);
  expect(await refusals()).toEqual(commands.map(() => "done"));
  await enter(bob);
});

test("a time out that is lifted lets the member write at once", async () => {
  const { world, bob, textId } = given;
  const socket = await world.connect(bob);
  await timeOut(hourMs);
  socket.send({ type: "chat_message", channel_id: textId, content: "x", ref: "x" });
  expect(await socket.next("error")).toMatchObject({ code: "forbidden", ref: "x" });
  await timeOut(null);
  socket.send({ type: "chat_message", channel_id: textId, content: "x", nonce: "x" });
  await socket.next("message_ack");
});

test("a member who is timed out is refused on the sockets of version 1 too", async () => {
  const { world, bob, textId, voiceId } = given;
  const chat = await OldClient.connect(world.url, `/ws/legacy/chat/${textId}`, bob.token);
  await timeOut(hourMs);
  chat.send({ type: "message", text_channel_id: textId, content: "x" });
  expect(await chat.next("error")).toMatchObject({ code: "forbidden" });
  chat.send({ type: "typing", text_channel_id: textId });
  await expect.poll(() => chat.all("error").length).toBe(2);
  const call = await OldClient.connect(world.url, `/ws/legacy/voice/${voiceId}`, bob.token);
  expect((await call.closed).code).toBe(4003);
});

test("typing is refused as soon as the right to write is taken, and allowed when it is given back", async () => {
  const { world, ann, bob, serverId, textId } = given;
  const [hears, types] = [await world.connect(ann), await world.connect(bob)];
  for (const socket of [hears, types]) {
    socket.send({ type: "join_channel", channel_id: textId });
    await socket.next("channel_synced");
  }
  const set = async (deny: number) => {
    await putOverride(world.store.db, textId, { type: "member", target_id: bob.id, allow: 0, deny });
    const change = await refreshRestricted(world.store.db, serverId);
    world.bus.publish("rights", {
      kind: "control",
      control: { type: "rights_changed", serverId, userIds: null, overridden: [textId], updated: [], ...change },
    });
    await types.next("overrides_updated");
  };
  await set(bitsOf("sendMessages"));
  types.send({ type: "typing", channel_id: textId, ref: "denied" });
  expect(await types.next("error", (event) => event.ref === "denied")).toMatchObject({ code: "forbidden" });
  expect(hears.all("typing")).toEqual([]);
  await set(0);
  types.send({ type: "typing", channel_id: textId });
  await expect.poll(() => (world.clock.advance(60), hears.all("typing").length)).toBe(1);
});
