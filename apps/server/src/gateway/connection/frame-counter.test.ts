import { describe, expect, test } from "vitest";
import { clientFrame } from "../testing/client-frame.ts";
import { Random } from "../../testing/random.ts";
import { FrameCounter } from "./frame-counter.ts";

describe("a frame counter", () => {
  const random = new Random(1);
  const frame = (length: number, opcode: number, fin = true) =>
    clientFrame(random, Buffer.alloc(length, 0x81), { opcode, fin });
  const frames = [
    frame(0, 9),
    frame(125, 10),
    frame(126, 1),
    frame(65_535, 1, false),
    frame(0, 0, false),
    frame(65_536, 0),
    clientFrame(random, Buffer.alloc(3), { isMasked: false }),
    frame(0, 1),
  ];
  const stream = Buffer.concat(frames);

  test.each([1, 2, 3, 7, 1_000, stream.length])("counts every kind of frame once in reads of %i bytes", (size) => {
    const counter = new FrameCounter();
    let count = 0;
    for (let at = 0; at < stream.length; at += size) count += counter.count(stream.subarray(at, at + size));
    expect(count).toBe(frames.length);
  });
});
