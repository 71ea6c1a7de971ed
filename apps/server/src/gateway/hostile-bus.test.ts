import { expect, test } from "vitest";
import { MemoryHub } from "../bus/memory-hub.ts";
import { NetworkBus } from "../bus/network-bus.ts";
import type { TransportChannel } from "../bus/transport.ts";
import { readMessage } from "../cluster/redis/change-message.ts";
import { createChannel } from "../store/conformance/world.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { RealtimeWorld } from "../testing/realtime-world.ts";

const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
const values = ["null", "1", '"text"', "[]", "{}", "[null]", "[1]", '["text"]', "[[]]", "[{}]", deep];
const parts = ["null", "1", '"event"', "[]", "{}", '{"type":null}', '{"type":"constructor"}', '{"type":{}}'];
const messages = [
  ...["event", "control", "direct", "other"].flatMap((kind) =>
    parts.map((part) => `[{"kind":"${kind}","${kind}":${part}}]`),
  ),
  ...["event", "control", "direct"].map((kind) => `[{"kind":"${kind}"}]`),
  ...["session_revoked", "membership_added", "membership_removed", "channel_removed"].map(
    (type) => `[{"kind":"control","control":{"type":"${type}"}}]`,
  ),
  ...["new_message", "message_edited", "typing", "channel_activity", "server_joined", "notification"].flatMap(
    (type) => [
      `[{"kind":"event","event":{"type":"${type}"}}]`,
      `[{"kind":"event","event":{"type":"${type}","channel_id":{},"seq":"1","data":7,"user":null,"channels":3}}]`,
    ],
  ),
  ...["null", "{}", '{"from":1}', '{"from":"x","link":"y","number":1,"messages":null}'].map(
    (data) => `[{"kind":"direct","direct":{"part":"voice","data":${data}}}]`,
  ),
  ...["null", "{}", '{"kind":null}', '{"kind":"enter"}', '{"kind":"event"}', '{"kind":"remove"}'].map(
    (one) =>
      `[{"kind":"direct","direct":{"part":"voice","data":{"from":"x","link":"y","number":9,"messages":[${one}]}}}]`,
  ),
];
const digests = ['{"n":"1"}', '{"n":1,"positions":null}', '{"n":1,"positions":{"x":"y","__proto__":1}}', '{"n":1e400}'];

test("what no node would publish ends no process, and what nodes publish goes on", async () => {
  const clock = new ManualClock();
  const hub = new MemoryHub(clock);
  const dropped: unknown[] = [];
  const bus = await NetworkBus.open(hub.connect("one"), { nodeId: "one", clock, onError: (e) => dropped.push(e) });
  const world = await RealtimeWorld.open({ clock, bus });
  const timer = setInterval(() => clock.advance(1), 1);
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { serverId, channelId } = await world.server(owner, ann);
  const voiceId = await createChannel(world.store, serverId, "voice");
  const socket = await world.connect(ann);
  await socket.join(channelId);
  const call = world.dial(`/ws/voice/${voiceId}?token=${ann.token}`);
  await call.next("participants");
  const stranger = hub.connect("two");
  const channels: TransportChannel[] = [`channel:${channelId}`, `server:${serverId}`, `user:${ann.id}`, "node:one"];
  for (const text of ["", " ", "two", "two {", ...[...values, ...messages].map((json) => `two ${json}`)]) {
    for (const channel of channels) stranger.send(channel, text);
  }
  for (const text of [...values, ...digests].map((json) => `two ${json}`)) stranger.send("nodes", text);
  // A well-formed one among them: the others in its text are dropped alone.
  const typing = { type: "typing", user: { id: owner.id, username: "x" }, channel_id: channelId, timestamp: 0 };
  stranger.send(
    `channel:${channelId}`,
    `two [null,{"kind":"event","event":${JSON.stringify(typing)}},{"kind":"event"}]`,
  );
  expect(await socket.next("typing")).toMatchObject({ user: { id: owner.id } });
  expect(dropped.length).toBeGreaterThan(0);
  const other = await world.connect(owner);
  other.send({ type: "chat_message", channel_id: channelId, content: "still here", nonce: "n" });
  await other.next("message_ack");
  const heard = await socket.next("new_message", ({ data }) => data?.content === "still here");
  expect(heard.data.author.id).toBe(owner.id);
  await call.roundTrip();
  clearInterval(timer);
  await world.close();
});

test.each([...values, ...messages, "{", "", '["x","y",1,[null]]', '["x","y",1,[{"map":1}]]'])(
  "a foreign text on the channel of what nodes share is no change of anything: %.40s",
  (text) => {
    expect(readMessage(text)?.changes ?? null).toBeNull();
  },
);
