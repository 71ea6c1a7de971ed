import { inheritedSetting, mutedForever } from "@miscord/protocol";
import { expect, test } from "vitest";
import { effectiveNotifications } from "../state/notification-levels.ts";
import { addServer } from "../state/reduce-servers.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { StateWriter } from "./state-writer.ts";
import { TimedEnds } from "./timed-ends.ts";

const minuteMs = 60_000;
const server = {
  id: 1,
  name: "Home",
  owner_id: 1,
  created_at: new Date(0).toISOString(),
  everyone_role_id: 1,
  roles: [],
  role_ids: [],
  member_count: 1,
  voice_states: [],
  timed_out_until: null,
  joined_at: new Date(0).toISOString(),
  raid_mode: null,
  retention: null,
  verification: null,
  onboarding_since: null,
  description: "",
  is_public: false,
  is_unlisted: false,
  factor_required: false,
  icon_url: null,
  rules_accepted: false,
  onboarded: false,
  channels: [],
};

test("readers of the state are told when a mute ends, and a mute without an end waits for nothing", async () => {
  const clock = new ManualClock();
  const { store, update, defer } = new StateWriter("enhanced");
  void new TimedEnds({ clock, update, defer }, store);
  const scope = { kind: "server", id: server.id } as const;
  const isMuted = () => effectiveNotifications(store.getState(), scope, clock.now()).isMuted;
  const mute = (muted_until: string) =>
    update((state) => addServer(state, { ...server, notifications: { ...inheritedSetting, muted_until } }));
  mute(new Date(clock.now() + minuteMs).toISOString());
  const seen: boolean[] = [];
  store.subscribe(() => seen.push(isMuted()));
  await clock.advance(minuteMs + 1);
  expect(seen).toEqual([false]);
  mute(mutedForever);
  expect(clock.pending).toBe(0);
  expect(isMuted()).toBe(true);
});

test("readers of the state are told once when a time out ends, however far away the end is", async () => {
  const clock = new ManualClock();
  const { store, update, defer } = new StateWriter("enhanced");
  const ends = new TimedEnds({ clock, update, defer }, store);
  let told = 0;
  const timeOut = (afterMs: number | null) => {
    const timed_out_until = afterMs === null ? null : new Date(clock.now() + afterMs).toISOString();
    update((state) => addServer(state, { ...server, timed_out_until }));
  };
  timeOut(27 * 24 * 60 * minuteMs);
  store.subscribe(() => (told += 1));
  await clock.advance(25 * 24 * 60 * minuteMs);
  // The longest timer is shorter: it starts another one.
  expect(told).toBe(1);
  await clock.advance(2 * 24 * 60 * minuteMs + 1);
  expect(told).toBe(2);
  expect(clock.pending).toBe(0);

  timeOut(minuteMs);
  timeOut(null);
  expect(clock.pending).toBe(0);
  timeOut(minuteMs);
  ends.clear();
  expect(clock.pending).toBe(0);
});

test("custom statuses are taken out of the state when they end, one by one, also those that ended before they came", async () => {
  const clock = new ManualClock();
  const { store, update, defer } = new StateWriter("enhanced");
  void new TimedEnds({ clock, update, defer }, store);
  const after = (ms: number | null) => {
    const ends_at = ms === null ? null : new Date(clock.now() + ms).toISOString();
    return { emoji: null, text: "away", ends_at };
  };
  const shown = () => Object.keys(store.getState().customStatuses).map(Number);
  const customStatuses = { 1: after(minuteMs), 2: after(2 * minuteMs), 3: after(null), 4: after(-minuteMs) };
  update((state) => ({ ...state, customStatuses }));
  await clock.advance(0);
  expect(shown()).toEqual([1, 2, 3]);
  await clock.advance(minuteMs);
  expect(shown()).toEqual([2, 3]);
  await clock.advance(minuteMs);
  expect(shown()).toEqual([3]);
  expect(clock.pending).toBe(0);
});
