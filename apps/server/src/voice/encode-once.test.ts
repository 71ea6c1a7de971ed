import { expect, test } from "vitest";
import { encodeOnce } from "./encode-once.ts";
import type { RoomEvent } from "./events.ts";

test("an event that is sent to many connections in a row is encoded once, an equal one again", () => {
  const encoded: RoomEvent[] = [];
  const codec = encodeOnce({ isLegacy: false, encode: (event) => (encoded.push(event), [Buffer.from(event.kind)]) });
  const [first, second]: RoomEvent[] = [
    { kind: "left", userId: 1 },
    { kind: "left", userId: 1 },
  ];
  expect(codec.encode(first!)).toBe(codec.encode(first!));
  expect(codec.encode(second!).map(String)).toEqual(["left"]);
  expect(encoded).toEqual([first, second]);
});
