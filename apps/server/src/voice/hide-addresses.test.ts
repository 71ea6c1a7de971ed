import { expect, test } from "vitest";
import type { Signal } from "./events.ts";
import { hideAddresses } from "./hide-addresses.ts";

const host = "candidate:1 1 udp 2122260223 192.168.1.20 51000 typ host generation 0 ufrag abcd";
const mdns = "candidate:2 1 udp 2122260223 4e1f.local 51000 typ host";
const reflexive = "candidate:3 1 udp 1686052607 203.0.113.9 51000 typ srflx raddr 192.168.1.20 rport 51000";
const peerReflexive = "candidate:3 1 udp 1686052607 203.0.113.9 51000 typ prflx raddr 192.168.1.20 rport 51000";
const relay = "candidate:4 1 udp 41819902 198.51.100.1 49200 typ relay raddr 203.0.113.9 rport 51000 generation 0";
const hiddenRelay = "candidate:4 1 udp 41819902 198.51.100.1 49200 typ relay raddr 0.0.0.0 rport 0 generation 0";

const candidate = (line: string | null): Signal => ({
  kind: "candidate",
  candidate: line,
  sdpMid: "0",
  sdpMLineIndex: 0,
  extra: {},
});

test.each([host, mdns, reflexive, peerReflexive, `${host}\r\na=x typ relay`, "candidate:x typ relayed"])(
  "hiding addresses drops the candidate %s",
  (line) => {
    expect(hideAddresses(candidate(line))).toBeNull();
  },
);

test("hiding addresses keeps a relay candidate without its related address", () => {
  expect(hideAddresses(candidate(relay))).toEqual(candidate(hiddenRelay));
});

test.each(["", null])("hiding addresses keeps the end of the candidates (%j)", (line) => {
  expect(hideAddresses(candidate(line))).toEqual(candidate(line));
});

test.each(["\r\n", "\n", "\r"])("hiding addresses leaves none in a description whose lines end with %j", (end) => {
  const sdp = [
    "v=0",
    "o=- 1 2 IN IP4 127.0.0.1",
    "m=audio 51000 UDP/TLS/RTP/SAVPF 111",
    "c=IN IP4 203.0.113.9",
    "a=rtcp:51001 IN IP4 203.0.113.9",
    ...[host, reflexive, relay].map((line) => `a=${line}`),
    "a=mid:0",
    "",
  ];
  const hidden = hideAddresses({ kind: "offer", sdp: sdp.join(end), extra: {} }) as { sdp: string };
  expect(hidden.sdp.split("\r\n")).toEqual([
    "v=0",
    "o=- 1 2 IN IP4 127.0.0.1",
    "m=audio 51000 UDP/TLS/RTP/SAVPF 111",
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    `a=${hiddenRelay}`,
    "a=mid:0",
    "",
  ]);
});
