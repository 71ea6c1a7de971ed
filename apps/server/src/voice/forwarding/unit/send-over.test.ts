import { expect, test } from "vitest";
import { Outlet } from "./outlet.ts";
import { sendOver } from "./send-over.ts";

/** An error in a callback of the engine ends the process, and with it all calls of the node. */
test("what is sent to somebody whose network has just vanished harms nobody", () => {
  const track = {
    onOpen: (open: () => void) => open(),
    onClosed: () => {},
    isOpen: () => true,
    sendMessageBinary: () => {
      throw new Error("libdatachannel error while sending track message: Track is closed");
    },
  };
  expect(sendOver(track, Buffer.alloc(20))).toBe(false);
  expect(sendOver({ ...track, isOpen: () => false }, Buffer.alloc(20))).toBe(false);
  const outlet = new Outlet("a0", track as never, { ssrc: 1_000, clockRate: 48 });
  expect(outlet.send(Buffer.alloc(20), 1, { sequence: 1, timestamp: 1, nowMs: 0 })).toBe(false);
});
