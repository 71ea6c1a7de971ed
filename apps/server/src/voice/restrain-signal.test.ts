import { expect, test } from "vitest";
import { unrestrained } from "./events.ts";
import { restrainSignal } from "./restrain-signal.ts";

function restrained(section: string, restraint: Partial<typeof unrestrained>): string {
  const signal = { kind: "offer" as const, sdp: `v=0\r\ns=-\r\n${section}`, extra: {} };
  const visible = restrainSignal(signal, { ...unrestrained, ...restraint });
  return visible.kind === "candidate" ? "" : visible.sdp;
}

/** The lines that Chromium takes for a direction, and those that Firefox does. */
const named = (sdp: string) => sdp.match(/^a=(?:sendrecv|sendonly|recvonly|inactive)(?=[: \r\n])/gm);
const taken = (sdp: string) => sdp.match(/^a=[: \t]*(?:sendrecv|sendonly|recvonly|inactive)/gim);

test.each([
  "a=sendrecv",
  "a=sendonly",
  "a=mid:0",
  // No direction for Chromium, which then takes the section for one that goes both ways.
  "a=inactive-x",
  "a=recvonly.",
  // Directions for Firefox.
  "a=inactive\r\na=SENDRECV",
  "a=inactive\r\na= sendonly",
  "a=inactive\r\na=:sendrecv",
  "a=inactive\r\na=sendrecvonly",
])("nothing is received of who may not speak, whatever their description says: %j", (lines) => {
  for (const media of ["audio", "AUDIO", " audio"]) {
    const sdp = restrained(`m=${media} 9 UDP/TLS/RTP/SAVPF 111\r\n${lines}\r\na=rtpmap:111 opus/48000/2\r\n`, {
      isServerMuted: true,
    });
    expect(named(sdp)).toHaveLength(1);
    expect(taken(sdp)).toEqual(named(sdp));
    expect(["a=recvonly", "a=inactive"]).toContain(named(sdp)![0]);
  }
});

test("what may be sent and received goes on", () => {
  const section = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\n";
  const both = `${section}m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\n`;
  expect(restrained(both, {})).toBe(`v=0\r\ns=-\r\n${both}`);
  expect(named(restrained(both, { isServerMuted: true }))).toEqual(["a=recvonly", "a=sendonly"]);
  expect(named(restrained(both, { isVideoSuppressed: true }))).toEqual(["a=sendrecv", "a=inactive"]);
  expect(named(restrained(both, { isServerDeafened: true }))).toEqual(["a=sendonly", "a=sendonly"]);
  expect(named(restrained(both, { isServerMuted: true, isServerDeafened: true }))).toEqual([
    "a=inactive",
    "a=sendonly",
  ]);
});
