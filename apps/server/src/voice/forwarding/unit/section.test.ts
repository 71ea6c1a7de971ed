import { expect, test, vi } from "vitest";
import { Outlet } from "./outlet.ts";
import { Encoding } from "./pictures.ts";
import { keyFrameRequest } from "./rtcp.ts";
import { Section } from "./section.ts";

const packet = Buffer.alloc(20);

/** A track of the engine that says that it is open, and then is not. */
function vanishingTrack() {
  const fail = () => {
    throw new Error("libdatachannel error: Track is closed");
  };
  return {
    onMessage: (take: (message: Buffer) => void) => take(packet),
    isOpen: vi.fn<() => boolean>(() => true),
    sendMessageBinary: vi.fn<() => boolean>(fail),
  };
}

test("what is sent to somebody whose network has just vanished harms nobody", () => {
  const track = vanishingTrack();
  const section = new Section(track as never);
  expect(section.send(packet)).toBe(false);
  const outlet = new Outlet("a0", section, { ssrc: 1_000, clockRate: 48 });
  expect(outlet.send(packet, 1, { sequence: 1, timestamp: 1, nowMs: 0 })).toBe(false);
  track.isOpen.mockImplementation(() => {
    throw new Error("libdatachannel error: Track is destroyed");
  });
  expect([section.isOpen, section.send(packet)]).toEqual([false, false]);
  expect(track.sendMessageBinary).toHaveBeenCalledTimes(2);
});

test("a full picture that is asked of a section which is just closing harms nobody", () => {
  const track = vanishingTrack();
  const section = new Section(track as never);
  const encoding = new Encoding({ requestKeyFrame: () => section.send(keyFrameRequest(1)) });
  encoding.keyFrames.request();
  expect(track.sendMessageBinary).toHaveBeenCalledOnce();
  encoding.close();
  encoding.keyFrames.request();
  expect(track.sendMessageBinary).toHaveBeenCalledOnce();
});

test("an error in a callback of the engine is reported once, and ends nothing", async () => {
  // Test files share a process and its modules: one before may have reported an error within this minute.
  vi.resetModules();
  const [fresh, { guarded }] = await Promise.all([import("./section.ts"), import("./guard.ts")]);
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const fail = () => {
    throw new Error("a fault");
  };
  new fresh.Section(vanishingTrack() as never).onMessage(fail);
  guarded(fail)();
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});
