import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { declineCall } from "../../domain/private/calls.ts";
import { openDm } from "../../domain/private/dms.ts";
import { removeFromGroup } from "../../domain/private/leave-group.ts";
import { insertFriend } from "../../store/queries/relationships.ts";
import type { RealtimeWorld, TestPerson } from "../../testing/realtime-world.ts";
import { openVoiceNodes, type VoiceNodes } from "./testing/voice-nodes.ts";

const as = ({ id }: TestPerson) => ({ userId: id });

describe("a call over two nodes", () => {
  let cluster: VoiceNodes;
  beforeEach(async () => {
    cluster = await openVoiceNodes(2);
  });
  afterEach(() => cluster.close());

  test("rings, is answered, throws out and ends on either node", async () => {
    const [one, two] = cluster.nodes.map((node) => node.world) as [RealtimeWorld, RealtimeWorld];
    const [a, b, c] = [await one.person("a"), await one.person("b"), await one.person("c")];
    // A group of strangers would be a request, which rings nobody.
    for (const { id } of [b, c]) {
      await insertFriend(one.store.db, a.id, id, 1);
      await insertFriend(one.store.db, id, a.id, 1);
    }
    const { channel } = await openDm(one.context, as(a), { user_ids: [b.id, c.id], name: null });
    const [member, third] = [await two.connect(b), await one.connect(c)];
    const path = ({ token }: TestPerson) =>
      `/ws/voice/${channel.id}?token=${token}&session=${randomUUID()}&encryption=mls`;
    const first = one.dial(path(a));
    await first.next("participants");
    first.send({ type: "ring" });
    await member.next("call_ringing", ({ ring }) => ring.user_id === b.id);
    const second = two.dial(path(b));
    await second.next("participants");
    await third.next("call_ring_ended", ({ user_id }) => user_id === b.id);
    await third.next("voice_channel_join", ({ user }) => user.id === b.id);
    await declineCall(two.context, as(c), channel.id);
    await third.next("call_ring_ended", ({ user_id }) => user_id === c.id);
    for (const { context } of [one, two]) expect(context.voice.statesIn(channel.id)).toHaveLength(2);
    await removeFromGroup(one.context, as(a), channel.id, b.id);
    expect((await second.closed).code).toBe(closeCodes.forbidden);
    await first.next("user_left_voice");
    await first.close();
    expect(await third.next("dm_activity")).toMatchObject({ channel_id: channel.id, message: null });
  });
});
