import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kickMember } from "../../domain/servers/members.ts";
import { createChannel } from "../../store/conformance/world.ts";
import type { TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import { openVoiceNodes, type VoiceNode, type VoiceNodes } from "./testing/voice-nodes.ts";

/** The lease, and the time in which its end is noticed and acted on. */
const noticedMs = 4_700;

let cluster: VoiceNodes;
let one: VoiceNode;
let two: VoiceNode;
let ann: TestPerson;
let bob: TestPerson;
let serverId: number;
let voiceId: number;

beforeEach(async () => {
  cluster = await openVoiceNodes(2);
  [one, two] = cluster.nodes as [VoiceNode, VoiceNode];
  ann = await one.world.person("ann");
  bob = await one.world.person("bob");
  ({ serverId } = await one.world.server(ann, bob));
  voiceId = await createChannel(one.world.store, serverId, "voice");
});
afterEach(() => cluster.close());

async function enter({ world }: VoiceNode, { token }: TestPerson, session: string = randomUUID()): Promise<TestSocket> {
  const socket = world.dial(`/ws/voice/${voiceId}?token=${token}&session=${session}`);
  await socket.next("participants");
  return socket;
}

const changes = (socket: TestSocket) => [...socket.all("user_left_voice"), ...socket.all("user_joined_voice")];

describe("a call between two nodes", () => {
  test("passes signals and state, and shows them to members on either node", async () => {
    const member = await two.world.connect(bob);
    const a = await enter(one, ann);
    expect(await member.next("voice_channel_join")).toMatchObject({ channel_id: voiceId, user: { id: ann.id } });
    const b = await enter(two, bob);
    expect(b.all("participants")[0]!.participants).toMatchObject([{ user_id: ann.id }]);
    expect(await a.next("user_joined_voice")).toMatchObject({ user_id: bob.id });
    for (const kind of ["offer", "answer"] as const) {
      a.send({ type: kind, target_id: bob.id, sdp: `${kind} of ann`, connection_id: "c" });
      expect(await b.next(kind)).toMatchObject({ from_id: ann.id, sdp: `${kind} of ann`, connection_id: "c" });
      b.send({ type: kind, target_id: ann.id, sdp: `${kind} of bob` });
      expect(await a.next(kind)).toMatchObject({ from_id: bob.id, sdp: `${kind} of bob` });
    }
    b.send({ type: "mute", is_muted: true });
    expect(await a.next("batch_status")).toMatchObject({ events: { [bob.id]: { is_muted: true } } });
    for (const { world } of [one, two]) expect(world.context.voice.statesOf(serverId)).toHaveLength(2);
    expect(two.world.realtime.voiceStats).toMatchObject({ offers: 1, answers: 1 });
  });

  test("refuses a signal to somebody who is not in it, with the frame's ref", async () => {
    await enter(one, ann);
    const b = await enter(two, bob);
    b.send({ type: "offer", target_id: 999, sdp: "v=0", ref: "r1" });
    expect(await b.next("error")).toMatchObject({ code: "not_found", ref: "r1" });
  });

  test("has clients of version 1 on the one and ours on the other", async () => {
    const old = one.world.dial(`/ws/legacy/voice/${voiceId}?token=${ann.token}`);
    await old.next("participants");
    const b = await enter(two, bob);
    expect(b.all("participants")[0]!.participants).toMatchObject([{ user_id: ann.id, is_legacy: true }]);
    b.send({ type: "offer", target_id: ann.id, sdp: "v=0" });
    expect(await old.next("offer")).toMatchObject({ from_id: bob.id, offer: { type: "offer", sdp: "v=0" } });
    old.send({ type: "answer", target_id: bob.id, answer: { type: "answer", sdp: "v=1" } });
    expect(await b.next("answer")).toMatchObject({ from_id: ann.id, sdp: "v=1" });
  });

  test("ends for a member of the one who is removed over the other", async () => {
    const a = await enter(one, ann);
    const b = await enter(two, bob);
    await kickMember(one.world.context, { userId: ann.id }, serverId, bob.id);
    expect((await b.closed).code).toBe(closeCodes.forbidden);
    expect(await a.next("user_left_voice")).toMatchObject({ user_id: bob.id });
  });

  test("goes on without a change when the node that is not its home is killed and its participant resumes", async () => {
    const a = await enter(one, ann);
    const session = randomUUID();
    await a.roundTrip();
    const b = await enter(two, bob, session);
    await a.next("user_joined_voice");
    await two.kill();
    await b.closed;
    const back = await enter(one, bob, session);
    await cluster.pass(noticedMs + 10_000);
    expect(changes(a)).toHaveLength(1);
    a.send({ type: "offer", target_id: bob.id, sdp: "again" });
    expect(await back.next("offer")).toMatchObject({ sdp: "again" });
  });

  test("goes on when its home is killed: nobody leaves, and both are in step again within five seconds", async () => {
    const session = randomUUID();
    const a = await enter(one, ann, session);
    const b = await enter(two, bob);
    await a.next("user_joined_voice");
    expect(one.isHomeOf(voiceId)).toBe(true);
    await one.kill();
    await a.closed;
    const resumed = enter(two, ann, session);
    await cluster.pass(noticedMs);
    const back = await resumed;
    expect(back.all("participants")[0]!.participants).toMatchObject([{ user_id: bob.id }]);
    expect(b.all("participants")).toHaveLength(2);
    expect(b.all("participants")[1]!.participants).toMatchObject([{ user_id: ann.id, session }]);
    await cluster.pass(10_000);
    expect(changes(b)).toEqual([]);
    back.send({ type: "offer", target_id: bob.id, sdp: "again" });
    expect(await b.next("offer")).toMatchObject({ sdp: "again" });
  });
});
