import { describe, expect, test } from "vitest";
import { readFrames } from "../testing/read-frames.ts";
import { closeFrame, compressFromBytes, deflatedTextFrame, pongFrame, textFrame } from "./frame.ts";

describe("frames", () => {
  test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])("carry %i bytes with the shortest length", (length) => {
    const [frame] = readFrames(textFrame("x".repeat(length)));
    expect(frame).toMatchObject({ opcode: 1, isCompressed: false });
    expect(frame!.payload.toString()).toBe("x".repeat(length));
  });

  test("count bytes, not characters", () => {
    const text = "привет 👋".repeat(50);
    expect(readFrames(textFrame(text)).map(({ payload }) => payload.toString())).toEqual([text]);
  });

  test("compress what is worth it, and inflate to the same", () => {
    const long = JSON.stringify({ text: "так и так ".repeat(200) });
    const [frame] = readFrames(deflatedTextFrame(long));
    expect(frame!.isCompressed).toBe(true);
    expect(frame!.payload.toString()).toBe(long);
    expect(deflatedTextFrame(long).length).toBeLessThan(long.length / 5);
    expect(readFrames(deflatedTextFrame("x".repeat(compressFromBytes - 1)))[0]!.isCompressed).toBe(false);
  });

  test("cut the reason of a close where a character starts", () => {
    const { payload } = readFrames(closeFrame(4008, "ы".repeat(100)))[0]!;
    expect(payload.readUInt16BE(0)).toBe(4008);
    expect(payload.length).toBeLessThanOrEqual(125);
    expect(payload.toString("utf8", 2)).toBe("ы".repeat(61));
  });

  test("close without a code when the peer gave none", () => {
    expect(readFrames(closeFrame(1005))[0]!.payload).toHaveLength(0);
  });

  test("echo a ping's payload", () => {
    expect(readFrames(pongFrame(Buffer.from("abc")))[0]).toMatchObject({ opcode: 10, payload: Buffer.from("abc") });
  });
});
