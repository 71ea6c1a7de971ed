/** Quality of one peer connection between two readings of its statistics. */
export interface PeerSample {
  /** Milliseconds since the epoch. */
  at: number;
  rttMs: number | null;
  jitterMs: number | null;
  /** Share of the packets that did not arrive, 0 to 1: `lossIn` of those received here, `lossOut` of those sent. */
  lossIn: number;
  lossOut: number;
  /** Bits per second over all tracks. */
  bitrateIn: number;
  bitrateOut: number;
  /** Whether the connection goes through a TURN server. */
  relayed: boolean;
  quality: PeerQuality;
}

export type PeerQuality = "good" | "fair" | "poor";

/** Totals of a connection since its start, from one `getStats` report. `at`: milliseconds since the epoch. */
export interface PeerCounters {
  at: number;
  packetsReceived: number;
  packetsLost: number;
  bytesReceived: number;
  bytesSent: number;
  rttMs: number | null;
  jitterMs: number | null;
  lossOut: number;
  relayed: boolean;
}

/** The fields used of an entry of `RTCStatsReport`; which of them are present depends on `type`. */
interface Entry {
  id: string;
  type: string;
  kind?: string;
  mid?: string;
  localId?: string;
  packetsReceived?: number;
  packetsLost?: number;
  jitter?: number;
  fractionLost?: number;
  roundTripTime?: number;
  selectedCandidatePairId?: string;
  currentRoundTripTime?: number;
  localCandidateId?: string;
  candidateType?: string;
  bytesReceived?: number;
  bytesSent?: number;
}

/** Which sections of the connection carry voices, by their `mid`. */
export interface VoiceSections {
  isReceived: (mid: string) => boolean;
  isSent: (mid: string) => boolean;
}

export function readCounters(report: RTCStatsReport, { isReceived, isSent }: VoiceSections, at: number): PeerCounters {
  const entries = [...(report as unknown as Iterable<[string, Entry]>)].map(([, entry]) => entry);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const voices = (type: string, isWanted: (mid: string) => boolean) =>
    entries.filter((entry) => entry.type === type && entry.kind === "audio" && isWanted(entry.mid ?? ""));
  const inbound = voices("inbound-rtp", isReceived);
  const [outbound] = voices("outbound-rtp", isSent);
  const theirs = entries.find((entry) => entry.type === "remote-inbound-rtp" && entry.localId === outbound?.id);
  const transport = entries.find((entry) => entry.type === "transport");
  const pair = byId.get(transport?.selectedCandidatePairId ?? "");
  const rttSeconds = pair?.currentRoundTripTime ?? theirs?.roundTripTime;
  return {
    at,
    packetsReceived: sum(inbound.map(({ packetsReceived }) => packetsReceived)),
    packetsLost: sum(inbound.map(({ packetsLost }) => packetsLost)),
    bytesReceived: transport?.bytesReceived ?? pair?.bytesReceived ?? 0,
    bytesSent: transport?.bytesSent ?? pair?.bytesSent ?? 0,
    rttMs: rttSeconds === undefined ? null : rttSeconds * 1_000,
    jitterMs: inbound.length === 0 ? null : Math.max(...inbound.map(({ jitter = 0 }) => jitter)) * 1_000,
    lossOut: theirs?.fractionLost ?? 0,
    relayed: byId.get(pair?.localCandidateId ?? "")?.candidateType === "relay",
  };
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** Loss is not computed from fewer packets than this: with silence suppression only a few are sent in pauses. */
const fewPackets = 10;

export function sampleBetween(before: PeerCounters, after: PeerCounters): PeerSample {
  const seconds = Math.max(0.001, (after.at - before.at) / 1_000);
  const lost = Math.max(0, after.packetsLost - before.packetsLost);
  const expected = lost + Math.max(0, after.packetsReceived - before.packetsReceived);
  const lossIn = expected < fewPackets ? 0 : lost / expected;
  const { at, rttMs, jitterMs, lossOut, relayed } = after;
  return {
    at,
    rttMs,
    jitterMs,
    lossIn,
    lossOut,
    bitrateIn: (Math.max(0, after.bytesReceived - before.bytesReceived) * 8) / seconds,
    bitrateOut: (Math.max(0, after.bytesSent - before.bytesSent) * 8) / seconds,
    relayed,
    quality: qualityOf(Math.max(lossIn, lossOut), rttMs ?? 0, jitterMs ?? 0),
  };
}

/** Conversation suffers from a round trip of about 400 ms or 10 % loss; below 150 ms and 3 % it is not noticeable. */
function qualityOf(loss: number, rttMs: number, jitterMs: number): PeerQuality {
  if (loss > 0.1 || rttMs > 400 || jitterMs > 80) return "poor";
  if (loss > 0.03 || rttMs > 200 || jitterMs > 40) return "fair";
  return "good";
}
