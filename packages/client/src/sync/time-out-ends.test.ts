import { expect, test } from "vitest";
import { addServer } from "../state/reduce-servers.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { StateWriter } from "./state-writer.ts";
import { TimeOutEnds } from "./time-out-ends.ts";

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
  channels: [],
};

test("readers of the state are told once when a time out ends, however far away the end is", async () => {
  const clock = new ManualClock();
  const { store, update, defer } = new StateWriter("enhanced");
  const ends = new TimeOutEnds({ clock, update, defer }, store);
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
