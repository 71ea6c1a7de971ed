import { describe, expect, test } from "vitest";
import { readFrames } from "../testing/read-frames.ts";
import { closeFrame, compressFromBytes, deflatedTextFrame, pongFrame, textFrame } from "./frame.ts";

describe("WebSocket frames", () => {
  test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])(
    "a text frame carries %i bytes with the shortest length header",
    (length) => {
      const [frame] = readFrames(textFrame("x".repeat(length)));
      expect(frame).toMatchObject({ opcode: 1, isCompressed: false });
      expect(frame!.payload.toString()).toBe("x".repeat(length));
    },
  );

  test("the length of a text frame counts UTF-8 bytes, not characters", () => {
    const text = "привет 👋".repeat(50);
    expect(readFrames(textFrame(text)).map(({ payload }) => payload.toString())).toEqual([text]);
  });

  test("long texts are compressed and inflate to the same text, short texts are not compressed", () => {
    const long = JSON.stringify({ text: "так и так ".repeat(200) });
    const [frame] = readFrames(deflatedTextFrame(long));
    expect(frame!.isCompressed).toBe(true);
    expect(frame!.payload.toString()).toBe(long);
    expect(deflatedTextFrame(long).length).toBeLessThan(long.length / 5);
    expect(readFrames(deflatedTextFrame("x".repeat(compressFromBytes - 1)))[0]!.isCompressed).toBe(false);
  });

  test("a long close reason is cut at a character boundary", () => {
    const { payload } = readFrames(closeFrame(4008, "ы".repeat(100)))[0]!;
    expect(payload.readUInt16BE(0)).toBe(4008);
    expect(payload.length).toBeLessThanOrEqual(125);
    expect(payload.toString("utf8", 2)).toBe("ы".repeat(61));
  });

  test("a close frame for code 1005 has no payload", () => {
    expect(readFrames(closeFrame(1005))[0]!.payload).toHaveLength(0);
  });

  test("a pong frame echoes the payload of the ping", () => {
    expect(readFrames(pongFrame(Buffer.from("abc")))[0]).toMatchObject({ opcode: 10, payload: Buffer.from("abc") });
  });
});
