import { expect, test } from "vitest";
import { readDescription } from "./description.ts";
import { writeOffer } from "./offer.ts";

const transport = {
  ufrag: "unit",
  password: "0123456789012345678901",
  fingerprint: `sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`,
  setup: "actpass",
};
const reached = { port: 4_000, turnedPort: 4_001, addresses: ["192.0.2.1", "2001:db8::1"] };

test("an offer has all sections in their order, and its addresses once", () => {
  const offer = writeOffer(transport, reached, [
    { mid: "mic", kind: "voice", ssrc: null },
    { mid: "camera", kind: "video", ssrc: null },
    { mid: "s0", kind: "sound", ssrc: 3_000 },
    { mid: "c0", kind: "video", ssrc: 4_000 },
  ]);
  expect(offer.match(/^(?:m=|a=(?:group|mid|sendonly|recvonly|ssrc:\d+ msid)).*$/gm)).toEqual([
    "a=group:BUNDLE mic camera s0 c0",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "a=mid:mic",
    "a=recvonly",
    "m=video 9 UDP/TLS/RTP/SAVPF 96",
    "a=mid:camera",
    "a=recvonly",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "a=mid:s0",
    "a=sendonly",
    "a=ssrc:3000 msid:stream-s0 track-s0",
    "m=video 9 UDP/TLS/RTP/SAVPF 96",
    "a=mid:c0",
    "a=sendonly",
    "a=ssrc:4000 msid:stream-c0 track-c0",
  ]);
  const [session, first, ...others] = offer.split(/^(?=m=)/m);
  expect(first!.match(/^a=candidate:.*$/gm)).toHaveLength(3);
  expect([session, ...others].join("")).not.toContain("candidate");
  expect(readDescription(offer)).toMatchObject(transport);
});
