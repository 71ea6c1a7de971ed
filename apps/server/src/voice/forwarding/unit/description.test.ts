import { expect, test } from "vitest";
import { readDescription, rewriteDescription, writeDescription } from "./description.ts";

const fingerprint = `sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`;

/** The offer of a browser, shortened. Firefox has the fingerprint once for all sections. */
function offerOf(...sections: string[][]): string {
  const session = ["v=0", "o=- 7 2 IN IP4 127.0.0.1", "s=-", "t=0 0", `a=fingerprint:${fingerprint}`];
  return [...session, ...sections.flat(), ""].join("\r\n");
}

const audio = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9",
  "a=candidate:1 1 udp 1 192.0.2.7 5000 typ host",
  "a=ice-ufrag:abcd",
  "a=ice-pwd:0123456789012345678901",
  "a=setup:actpass",
  "a=mid:0",
  "a=extmap:14 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
  "a=sendrecv",
  "a=rtpmap:63 red/48000/2",
  "a=rtpmap:111 opus/48000/2",
  "a=ssrc:5 cname:x",
  "a=ssrc:5 msid:x y",
];
const video = ["m=video 9 UDP/TLS/RTP/SAVPF 120", "a=mid:1", "a=recvonly", "a=rtpmap:120 VP8/90000"];
const data = ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:2", "a=sctp-port:5000"];

const unit = { ufrag: "unit", password: "p", fingerprint, setup: "active", candidates: ["a=candidate:of the unit"] };

test("what counts is read, and the engine is given nothing else", () => {
  const read = readDescription(offerOf(audio, video, data))!;
  expect(read).toMatchObject({ ufrag: "abcd", fingerprint, setup: "actpass" });
  expect(read.voice).toEqual({
    media: "audio",
    mid: "0",
    payloadType: 111,
    levelId: 14,
    sends: true,
    receives: true,
    sources: [5],
  });
  const rewritten = rewriteDescription(read);
  expect(rewritten.match(/^m=.*$/gm)).toEqual(["m=audio 9 UDP/TLS/RTP/SAVPF 111"]);
  expect(rewritten).not.toContain("candidate");
  expect(readDescription(rewritten)?.voice).toMatchObject({ mid: "0", payloadType: 111, levelId: 14 });
});

test("an answer has all sections in their order, and refuses those that it does not use", () => {
  const { sections } = readDescription(offerOf(audio, video, data))!;
  const sectionFor = ({ media }: { media: string }) =>
    media === "audio" ? { sends: true, receives: false, ssrc: 1_000 } : null;
  const answer = writeDescription({ ...unit, version: 1, sectionFor }, sections);
  expect(answer.match(/^(?:m=|a=(?:mid|group|sendonly|inactive)).*$/gm)).toEqual([
    "a=group:BUNDLE 0",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "a=mid:0",
    "a=sendonly",
    "m=video 0 UDP/TLS/RTP/SAVPF 0",
    "a=inactive",
    "a=mid:1",
    "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
    "a=inactive",
    "a=mid:2",
  ]);
});

const without = (part: string) => audio.filter((line) => !line.includes(part));

test("sources are those that packets can have, and no more than browsers name", () => {
  const named = (...sources: (number | string)[]) => {
    const lines = sources.map((source) => `a=ssrc:${source} cname:x`);
    return readDescription(offerOf([...without("a=ssrc"), ...lines]))!.voice.sources;
  };
  expect(named(9_999_999_999, 4_294_967_296, 4_294_967_295, 7, 7)).toEqual([4_294_967_295, 7]);
  expect(named("-1", "x", "", "12345678901")).toEqual([]);
  expect(named(...Array.from({ length: 500 }, (_, at) => at + 1))).toHaveLength(8);
});

test.each([
  ["nothing", ""],
  ["no sound", offerOf(video)],
  ["a sound that is refused", offerOf(["m=audio 0 UDP/TLS/RTP/SAVPF 0", ...audio.slice(1)])],
  ["no codec that the unit has", offerOf(without("opus"))],
  ["a codec with a number of RTCP", offerOf(audio.map((line) => line.replace("rtpmap:111", "rtpmap:72")))],
  ["no credentials", offerOf(without("ice-pwd"))],
  ["no role", offerOf(without("setup"))],
  ["a line end within a value", offerOf(audio.map((line) => line.replace("abcd", "ab\rcd")))],
  ["two sections with one name", offerOf(audio, audio)],
  ["a section without a name", offerOf(audio, ["m=video 9 UDP/TLS/RTP/SAVPF 120"])],
  [
    "more sections than any browser",
    offerOf(audio, ...Array.from({ length: 40 }, (_, at) => ["m=video 9 x", `a=mid:v${at}`])),
  ],
])("a description with %s is none", (_, sdp) => {
  expect(readDescription(sdp)).toBeNull();
});
