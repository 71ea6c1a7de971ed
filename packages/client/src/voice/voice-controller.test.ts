import type { VoiceCommand } from "@miscord/protocol";
import { expect, test, vi } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { VoiceController } from "./voice-controller.ts";
import type { VoiceSocketListener } from "./voice-socket.ts";

async function inCall() {
  const sent: VoiceCommand[] = [];
  let listener: VoiceSocketListener | null = null;
  const voice = new VoiceController({
    clock: new ManualClock(),
    newId: () => "1",
    newCallId: () => "call",
    selfId: () => 1,
    createConnection: () => {
      throw new Error("nobody else is in this call");
    },
    openSocket: (_channelId, _callId, given) => {
      listener = given;
      return { start() {}, stop() {}, reconnect() {}, authenticate() {}, send: (command) => sent.push(command) > 0 };
    },
  });
  voice.join(7);
  await vi.waitFor(() => expect(listener).not.toBeNull(), { timeout: 10_000 });
  const enter = () =>
    listener!.onEvents([
      {
        type: "participants",
        participants: [],
        media: "mesh",
        ice_servers: [],
        ice_transport_policy: "all",
        channel_settings: { max_participants: 10, bitrate: 64_000 },
      },
    ]);
  enter();
  const mutes = () => sent.flatMap((command) => (command.type === "mute" ? [command.is_muted] : []));
  return { voice, enter, mutes };
}

const microphone = () => ({ kind: "audio", enabled: true }) as MediaStreamTrack;

test("a participant without a microphone is muted for the others until there is one", async () => {
  const { voice, enter, mutes } = await inCall();
  expect(mutes()).toEqual([true]);
  await voice.setMicrophone(microphone());
  await voice.setMicrophone(microphone());
  expect(mutes()).toEqual([true, false]);
  await voice.setMicrophone(null);
  enter();
  expect(mutes()).toEqual([true, false, true, true]);
  expect(voice.store.getState().isMuted).toBe(false);
});

test("a muted participant stays muted when a microphone is plugged in", async () => {
  const { voice, mutes } = await inCall();
  voice.setMuted(true);
  const track = microphone();
  await voice.setMicrophone(track);
  expect([mutes(), track.enabled]).toEqual([[true, true], false]);
});
