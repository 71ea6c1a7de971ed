import { expect, test } from "vitest";
import { tuneOpus } from "./opus.ts";

const microphone = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10;useinbandfec=1",
];
const video = ["m=video 9 UDP/TLS/RTP/SAVPF 96", "a=rtpmap:96 VP8/90000"];
const sound = ["m=audio 9 UDP/TLS/RTP/SAVPF 109", "a=rtpmap:109 opus/48000/2"];
const sdpOf = (...sections: string[][]) => ["v=0", ...sections.flat(), ""].join("\r\n");

test("tuneOpus sets silence suppression and error correction once for the microphone", () => {
  const tuned = tuneOpus(sdpOf(microphone, video));
  expect(tuned).toContain("a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n");
  expect(tuneOpus(tuned)).toBe(tuned);
});

test("tuneOpus sets stereo without silence suppression for a screen's sound", () => {
  const tuned = tuneOpus(sdpOf(microphone, video, sound));
  expect(tuned).toContain("a=fmtp:109 stereo=1;sprop-stereo=1;useinbandfec=1;maxaveragebitrate=128000\r\n");
});

test("tuneOpus leaves a description without Opus unchanged", () => {
  const other = sdpOf(["m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=rtpmap:0 PCMU/8000"], video);
  expect(tuneOpus(other)).toBe(other);
});
