import { describe, expect, test } from "vitest";
import { randomBytes } from "node:crypto";
import { inspectSound } from "./inspect-sound.ts";
import { buildMp3, buildOpus, buildVorbis, buildWav } from "./testing/build-sound.ts";

/** Opus whose first sounding packet does not end on its page, while the next page begins another one. */
const torn = (): Buffer =>
  Buffer.from(
    buildOpus(9, { packet: Array<number>(255).fill(8) })
      .toString("latin1")
      .replace("\x02\xff\0", "\x01\xff"),
    "latin1",
  );

const good: [string, Buffer, string, number][] = [
  ["WAV", buildWav(1_500), "audio/wav", 1_500],
  ["WAV with two channels", buildWav(900, { channels: 2 }), "audio/wav", 900],
  ["WAV with a longer header", buildWav(700, { later: 1 }), "audio/wav", 700],
  ["MP3", buildMp3(50), "audio/mpeg", 1_307],
  ["Opus", buildOpus(60), "audio/ogg", 1_194],
  ["Vorbis", buildVorbis(43), "audio/ogg", 999],
];

describe("a short sound", () => {
  test.each(good)("in %s is what it is, and nothing else is kept of it", (_, bytes, contentType, durationMs) => {
    expect(bytes.includes("Camera")).toBe(true);
    const sound = inspectSound(bytes)!;
    expect(sound).toMatchObject({ contentType, durationMs });
    const kept = Buffer.concat(sound.parts);
    expect(kept.includes("Camera")).toBe(false);
    const again = inspectSound(kept)!;
    expect(again).toMatchObject({ contentType, durationMs });
    expect(Buffer.concat(again.parts)).toEqual(kept);
  });

  test.each([
    ["text", Buffer.from("MThd or anything else that is no sound at all")],
    ["nothing", Buffer.alloc(0)],
    ["a WAV of six channels", buildWav(100, { channels: 6 })],
    ["a WAV of another coding", buildWav(100, { format: 85 })],
    ["a WAV of another coding in a longer header", buildWav(100, { later: 2 })],
    ["one frame of MP3", buildMp3(1)],
    ["Opus of many channels", buildOpus(9, { channels: 255 })],
    ["Opus that says less than it decodes to", buildOpus(4_000, { packet: [0x1b, 0x3f], ms: 1 })],
    ["Opus with pages that do not go on", torn()],
    ["Opus with packets of nothing", buildOpus(9, { packet: [] })],
    ["two streams of Opus", Buffer.concat([buildOpus(9), buildOpus(9)])],
  ])("is not %s", (_, bytes) => {
    expect(inspectSound(bytes)).toBeNull();
  });

  test.each(good)("in %s that is damaged anywhere is refused or has a length, and never fails", (_, bytes) => {
    for (let at = 0; at < bytes.length; at += 1 + Math.floor(bytes.length / 300)) {
      const broken = Buffer.from(bytes);
      randomBytes(4).copy(broken, at);
      for (const sound of [inspectSound(bytes.subarray(0, at)), inspectSound(broken)]) {
        expect(sound?.durationMs ?? 1).toBeGreaterThan(0);
      }
    }
  });
});
