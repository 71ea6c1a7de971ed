import { expect, test } from "vitest";
import { readCounters, sampleBetween } from "./stats.ts";

function report(numbers: {
  received: number;
  lost: number;
  bytes: number;
  fractionLost: number;
  rtt: number;
  via: string;
}) {
  const entries = [
    {
      id: "in",
      type: "inbound-rtp",
      kind: "audio",
      mid: "0",
      packetsReceived: numbers.received,
      packetsLost: numbers.lost,
      jitter: 0.004,
    },
    { id: "music", type: "inbound-rtp", kind: "audio", mid: "2", packetsReceived: 9_999, packetsLost: 999, jitter: 1 },
    { id: "out", type: "outbound-rtp", kind: "audio", mid: "0" },
    {
      id: "far",
      type: "remote-inbound-rtp",
      kind: "audio",
      localId: "out",
      fractionLost: numbers.fractionLost,
      roundTripTime: 9,
    },
    {
      id: "t",
      type: "transport",
      selectedCandidatePairId: "p",
      bytesReceived: numbers.bytes,
      bytesSent: 2 * numbers.bytes,
    },
    { id: "p", type: "candidate-pair", localCandidateId: "c", currentRoundTripTime: numbers.rtt },
    { id: "c", type: "local-candidate", candidateType: numbers.via },
  ];
  return new Map(entries.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport;
}

const isMicrophone = (mid: string) => mid === "0";
const microphone = { isReceived: isMicrophone, isSent: isMicrophone };
const start = readCounters(
  report({ received: 100, lost: 5, bytes: 1_000, fractionLost: 0, rtt: 0.02, via: "host" }),
  microphone,
  0,
);

test("a peer sample has the rates and losses since the previous sample", () => {
  const next = report({ received: 195, lost: 10, bytes: 9_000, fractionLost: 0.01, rtt: 0.03, via: "relay" });
  expect(sampleBetween(start, readCounters(next, microphone, 2_000))).toEqual({
    at: 2_000,
    rttMs: 30,
    jitterMs: 4,
    lossIn: 0.05,
    lossOut: 0.01,
    bitrateIn: 32_000,
    bitrateOut: 64_000,
    relayed: true,
    quality: "fair",
  });
});

test("a peer sample reports no loss for very few packets", () => {
  const next = report({ received: 102, lost: 6, bytes: 1_100, fractionLost: 0, rtt: 0.02, via: "host" });
  expect(sampleBetween(start, readCounters(next, microphone, 2_000))).toMatchObject({ lossIn: 0, quality: "good" });
});

test("a long round trip or heavy loss in either direction rates a peer as poor", () => {
  const far = report({ received: 200, lost: 5, bytes: 1_000, fractionLost: 0, rtt: 0.6, via: "host" });
  const lossy = report({ received: 200, lost: 5, bytes: 1_000, fractionLost: 0.2, rtt: 0.02, via: "host" });
  for (const one of [far, lossy])
    expect(sampleBetween(start, readCounters(one, microphone, 2_000)).quality).toBe("poor");
});
