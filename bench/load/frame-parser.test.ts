import { deflateRawSync, constants } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FrameParser, opcodes } from "./frame-parser.ts";

function serverFrame(firstByte: number, payload: Buffer): Buffer {
  if (payload.length < 126) return Buffer.concat([Buffer.from([firstByte, payload.length]), payload]);
  const head = Buffer.from([firstByte, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
}

function parse(stream: Buffer, chunkBytes: number, wanted: (payloadBytes: number) => boolean = () => true) {
  const frames: { opcode: number; text: string | null }[] = [];
  const parser = new FrameParser({
    wants: (_, payloadBytes) => wanted(payloadBytes),
    frame: (opcode, payload) => frames.push({ opcode, text: payload && payload.toString() }),
  });
  for (let from = 0; from < stream.length; from += chunkBytes) {
    parser.feed(stream, from, Math.min(stream.length, from + chunkBytes));
  }
  return frames;
}

const long = "long ".repeat(100);
const stream = Buffer.concat([
  serverFrame(0x81, Buffer.from("short")),
  serverFrame(0x89, Buffer.alloc(0)),
  serverFrame(0x81, Buffer.from(long)),
  serverFrame(0x88, Buffer.from([0x03, 0xe8])),
]);

describe("FrameParser", () => {
  test.each([1, 2, 3, 7, 100, 10_000])("finds every frame in chunks of %d bytes", (chunkBytes) => {
    expect(parse(stream, chunkBytes)).toEqual([
      { opcode: opcodes.text, text: "short" },
      { opcode: opcodes.ping, text: "" },
      { opcode: opcodes.text, text: long },
      { opcode: opcodes.close, text: Buffer.from([0x03, 0xe8]).toString() },
    ]);
  });

  test("skips unwanted payloads and still counts their frames", () => {
    const frames = parse(stream, 11, (payloadBytes) => payloadBytes < 126);
    expect(frames.map(({ text }) => text)).toEqual(["short", "", null, expect.any(String)]);
  });

  test("inflates each compressed frame by itself", () => {
    const deflated = deflateRawSync(long, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    const twice = Buffer.concat([serverFrame(0xc1, deflated), serverFrame(0xc1, deflated)]);
    expect(parse(twice, 5).map(({ text }) => text)).toEqual([long, long]);
  });
});
