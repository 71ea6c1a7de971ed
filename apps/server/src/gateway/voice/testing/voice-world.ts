import { randomUUID } from "node:crypto";
import { createChannel } from "../../../store/conformance/world.ts";
import { RealtimeWorld, type TestPerson } from "../../../testing/realtime-world.ts";
import type { TestSocket } from "../../../testing/test-socket.ts";

/** A server with a text and a voice channel, whose members are ann and bob. */
export interface VoiceWorld {
  world: RealtimeWorld;
  ann: TestPerson;
  bob: TestPerson;
  stranger: TestPerson;
  serverId: number;
  textId: number;
  voiceId: number;
  /** Opens a voice socket; `session` is the call id, a new one by default. */
  dial: (person: TestPerson, session?: string, channelId?: number) => TestSocket;
  /** Opens a voice socket and waits until it is in the call. */
  enter: (person: TestPerson, session?: string) => Promise<TestSocket>;
}

/** Settings of an instance with a TURN server. */
export const relay = { turnUrls: ["turn:relay:3478"], turnSecret: "s".repeat(16), stunUrls: ["stun:relay:3478"] };

export async function openVoiceWorld(options: Parameters<typeof RealtimeWorld.open>[0] = {}): Promise<VoiceWorld> {
  const world = await RealtimeWorld.open(options);
  const ann = await world.person("ann");
  const bob = await world.person("bob");
  const stranger = await world.person("stranger");
  const { serverId, channelId: textId } = await world.server(ann, bob);
  const voiceId = await createChannel(world.store, serverId, "voice");
  const dial = ({ token }: TestPerson, session: string = randomUUID(), channelId = voiceId) =>
    world.dial(`/ws/voice/${channelId}?token=${token}&session=${session}`);
  async function enter(person: TestPerson, session?: string): Promise<TestSocket> {
    const socket = dial(person, session);
    await socket.next("participants");
    return socket;
  }
  return { world, ann, bob, stranger, serverId, textId, voiceId, dial, enter };
}
