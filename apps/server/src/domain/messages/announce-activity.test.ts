import { expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { ActivityAnnouncer } from "./announce-activity.ts";

function world() {
  const clock = new ManualClock();
  const bus = new RecordingBus();
  const announcer = new ActivityAnnouncer({ bus }, clock);
  const announce = (serverId: number, channelId: number, seq: number) =>
    announcer.announce(`server:${serverId}`, { serverId, channelId, seq });
  return {
    clock,
    announcer,
    announce,
    channels: () => bus.events("server:1", "channel_activity").map((event) => event.channels),
  };
}

test("the first activity of a server is published at once, what follows within a quarter of a second together", () => {
  const { clock, announce, channels } = world();
  announce(1, 10, 1);
  expect(channels()).toEqual([{ 10: 1 }]);
  announce(1, 10, 2);
  announce(1, 20, 7);
  announce(1, 10, 3);
  announce(2, 30, 1);
  expect(channels()).toHaveLength(1);
  clock.advance(250);
  expect(channels()).toEqual([{ 10: 1 }, { 10: 3, 20: 7 }]);
  announce(1, 10, 4);
  expect(channels()).toHaveLength(2);
  clock.advance(250);
  expect(channels().at(-1)).toEqual({ 10: 4 });
  clock.advance(500);
  announce(1, 10, 5);
  expect(channels().at(-1)).toEqual({ 10: 5 });
  clock.advance(500);
  expect(clock.pending).toBe(0);
});

test("a stop publishes what has gathered", () => {
  const { clock, announcer, announce, channels } = world();
  announce(1, 10, 1);
  announce(1, 10, 2);
  announcer.stop();
  expect(channels()).toEqual([{ 10: 1 }, { 10: 2 }]);
  expect(clock.pending).toBe(0);
});
