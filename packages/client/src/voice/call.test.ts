import type { VoiceCommand, VoiceEvent } from "@miscord/protocol";
import { expect, test } from "vitest";
import { createStore } from "zustand/vanilla";
import { ManualClock } from "../testing/manual-clock.ts";
import { Call } from "./call.ts";
import { QualityMonitor, type CallSamples } from "./quality-monitor.ts";
import type { PeerSample } from "./stats.ts";
import { idleCall, unrestrained, type CallState } from "./types.ts";

const person = (user_id: number) => ({
  user_id,
  username: `u${user_id}`,
  display_name: `U${user_id}`,
  avatar_url: null,
  avatar_color: "#000000",
  session: `call ${user_id}`,
  is_legacy: false,
  is_muted: false,
  is_deafened: false,
  is_speaking: false,
  is_sharing: true,
  is_camera_on: false,
  is_hand_raised: false,
  ...unrestrained,
});

/** A forwarded call with the participants 2 to 7. */
function inForwardedCall() {
  const sent: VoiceCommand[] = [];
  const clock = new ManualClock();
  const store = createStore<CallState>(() => idleCall);
  let receive: (events: readonly VoiceEvent[]) => void = () => {};
  const call = new Call({
    selfId: 1,
    callId: "call",
    loadEncryption: null,
    wasEncrypted: false,
    channelId: 7,
    store,
    clock,
    newId: () => "1",
    createConnection: () => {
      throw new Error("the unit offers nothing here");
    },
    openSocket: (listener) => {
      receive = (events) => listener.onEvents(events);
      return { start() {}, stop() {}, reconnect() {}, authenticate() {}, send: (command) => sent.push(command) > 0 };
    },
    microphone: null,
    onMoved() {},
    onEnded() {},
  });
  receive([
    {
      type: "participants",
      participants: [2, 3, 4, 5, 6, 7].map(person),
      media: "forwarded",
      ice_servers: [],
      ice_transport_policy: "all",
      channel_settings: { max_participants: 50, bitrate: 64_000 },
    },
  ]);
  const cameras = () => sent.flatMap((command) => (command.type === "watch" ? [command.camera_ids] : []));
  const asked = () => sent.flatMap((command) => (command.type === "watch" ? [command.user_ids] : []));
  const watched = () => Object.values(store.getState().participants).filter(({ is_watched }) => is_watched);
  return { call, clock, store, asked, cameras, watched: () => watched().map(({ user_id }) => user_id) };
}

test("a fifth watched screen takes the place of the one that is watched longest", () => {
  const { call, asked, watched } = inForwardedCall();
  for (const userId of [5, 2, 3, 4]) call.watch(userId, true);
  expect(asked().at(-1)).toEqual([5, 2, 3, 4]);
  call.watch(6, true);
  expect(asked().at(-1)).toEqual([2, 3, 4, 6]);
  expect(watched()).toEqual([2, 3, 4, 6]);
  expect(asked().every((userIds) => userIds.length <= 4)).toBe(true);
});

test("of the cameras that are looked at, the unit is asked for the first eight, and for nothing when they are the same", async () => {
  const { call, clock, store, asked, cameras } = inForwardedCall();
  const show = (shownCameras: number[]) => {
    store.setState({ shownCameras });
    call.showCameras();
    return clock.advance(1_000);
  };
  await show([2, 3]);
  expect(cameras().at(-1)).toEqual([2, 3]);
  const before = asked().length;
  await show([2, 3]);
  expect(asked().length).toBe(before);
  await show([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(cameras().at(-1)).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
  call.watch(4, true);
  expect([asked().at(-1), cameras().at(-1)]).toEqual([[4], [9, 8, 7, 6, 5, 4, 3, 2]]);
});

test("the connection to the forwarding unit is measured once, however many take part", async () => {
  const { clock, store } = inForwardedCall();
  const reports: VoiceCommand[] = [];
  const sample: PeerSample = {
    at: 0,
    rttMs: 20,
    jitterMs: 2,
    lossIn: 0,
    lossOut: 0,
    bitrateIn: 90_000,
    bitrateOut: 30_000,
    relayed: false,
    quality: "good",
  };
  let samples: CallSamples = { peers: [[2, sample]], unit: null };
  const report = (command: VoiceCommand) => void reports.push(command);
  const monitor = new QualityMonitor({ clock, store, sample: () => Promise.resolve(samples), report });
  await clock.advance(2_000);
  samples = { peers: [], unit: sample };
  for (let round = 0; round < 6; round += 1) await clock.advance(2_000);
  monitor.stop();
  expect(reports).toMatchObject([{ bitrate: 90_000 }, { bitrate: 90_000, rtt_ms: 20 }]);
  const { participants, samples: kept } = store.getState();
  expect(kept).toHaveLength(6);
  expect(Object.values(participants).flatMap((one) => one.samples)).toEqual([]);
});
