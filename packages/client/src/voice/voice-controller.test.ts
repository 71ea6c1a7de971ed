import type { VoiceCommand, VoiceEvent, VoiceRestraint } from "@miscord/protocol";
import { expect, test, vi } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import type { LoadEncryption } from "./encryption/frame-cipher.ts";
import { unrestrained } from "./types.ts";
import { VoiceController } from "./voice-controller.ts";
import type { VoiceSocketListener } from "./voice-socket.ts";

async function inCall(loadEncryption: LoadEncryption | null = null) {
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
    loadSockets: async () => (_door, given) => {
      listener = given;
      return { start() {}, stop() {}, reconnect() {}, authenticate() {}, send: (command) => sent.push(command) > 0 };
    },
  });
  voice.loadEncryption = loadEncryption;
  voice.join(7);
  await vi.waitFor(() => expect(listener).not.toBeNull(), { timeout: 60_000 });
  const enter = (self?: Partial<VoiceRestraint>, is_encrypted = false) =>
    listener!.onEvents([
      {
        type: "participants",
        participants: [],
        media: "mesh",
        is_encrypted,
        ice_servers: [],
        ice_transport_policy: "all",
        channel_settings: { max_participants: 10, bitrate: 64_000 },
        ...(self && { self: { ...unrestrained, ...self } }),
      },
    ]);
  enter();
  const receive = (event: VoiceEvent) => listener!.onEvents([event]);
  const cameras = () => sent.flatMap((command) => (command.type === "camera" ? [command.is_camera_on] : []));
  const mutes = () => sent.flatMap((command) => (command.type === "mute" ? [command.is_muted] : []));
  /** The call is begun anew over another socket. */
  const again = async (act: () => void) => {
    const former = listener;
    act();
    await vi.waitFor(() => expect(listener).not.toBe(former));
  };
  return { voice, enter, receive, again, mutes, cameras };
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

const camera = () => ({ kind: "video", id: "camera" }) as MediaStreamTrack;

test("a camera is turned on and off, and said again to a server that has forgotten it", async () => {
  const { voice, enter, cameras } = await inCall();
  enter({});
  const track = camera();
  await voice.setCamera(track);
  expect(voice.store.getState().camera).toBe(track);
  enter({});
  await voice.setCamera(null);
  expect(cameras()).toEqual([false, true, true, false]);
  await voice.setCamera(track);
  voice.leave();
  expect(voice.store.getState().camera).toBeNull();
  await voice.setCamera(track);
  expect(voice.store.getState().camera).toBeNull();
});

test("a server that knows no cameras is told of none", async () => {
  const { voice, cameras } = await inCall();
  await voice.setCamera(camera());
  expect([voice.store.getState().camera, cameras()]).toEqual([null, []]);
});

test("who may show nothing any more has the camera turned off, and turns none on", async () => {
  const { voice, enter, receive, cameras } = await inCall();
  enter({});
  await voice.setCamera(camera());
  receive({ type: "batch_status", events: { 1: { is_video_suppressed: true, is_camera_on: false } } });
  expect(voice.store.getState().camera).toBeNull();
  await voice.setCamera(camera());
  expect([voice.store.getState().camera, cameras().at(-1)]).toEqual([null, false]);
});

test("a call that was encrypted ends instead of going on otherwise, also when the server lets it begin anew", async () => {
  const cipher = { protect() {}, assign() {}, addEpoch() {}, sendWith() {}, forget() {}, close() {} };
  const { voice, enter, receive, again } = await inCall(async () => ({
    createCipher: () => cipher,
    deviceKey: (_userId, create) => create(),
  }));
  await again(() => enter({}, true));
  enter({}, true);
  await vi.waitFor(() => expect(voice.store.getState().encryption).not.toBeNull(), { timeout: 60_000 });
  await again(() => receive({ type: "voice_moved", channel_id: 7 }));
  enter({});
  expect(voice.store.getState()).toMatchObject({ status: "idle", ended: { reason: "The call cannot be encrypted." } });
});
