import type { QualityReport, ServerMetrics } from "@miscord/protocol";
import type { VoiceStats } from "../gateway/voice/stats.ts";
import type { Forwarding } from "../voice/forwarding/forwarding.ts";
import type { Regions } from "../voice/regions/regions.ts";
import type { VoiceRooms } from "../voice/voice-rooms.ts";

/** Figures about voice in `/metrics`: of the calls whose home is this node, so that the sum over all nodes is right. */
export type VoiceMetrics = ServerMetrics["voice_websocket"];

/** Audio quality: means over the latest report of each client that sends reports; null without any. */
export interface VoiceQuality {
  /** Of the calls whose home is this node. */
  readonly participants: number;
  /** Number of reports since the start. */
  readonly reports: number;
  readonly rttMs: number | null;
  readonly jitterMs: number | null;
  /** Lost packets as a share from 0 to 1. */
  readonly loss: number | null;
  /** Bits per second of the audio that each client receives. */
  readonly bitrate: number | null;
  readonly forwarding: ForwardingFigures;
}

export interface ForwardingFigures {
  /** Whether calls can be forwarded; null where the operator chose the mesh. */
  readonly isAvailable: boolean | null;
  readonly connections: number;
  /** Packets sent since the start of the forwarding process. */
  readonly packets: number;
  /** Those that this node knows something of, the instance's own first. */
  readonly regions: readonly RegionFigures[];
}

export interface RegionFigures {
  readonly name: string;
  readonly isOwn: boolean;
  /** Whether calls can be forwarded there, as this node knows. */
  readonly isUp: boolean;
  /** Of the calls whose home is this node. */
  readonly calls: number;
  readonly participants: number;
  /** Calls that left it since the start, for want of connections. */
  readonly givenUp: number;
  /** Null unless this node has the link of its voice node. */
  readonly link: LinkFigures | null;
}

interface LinkFigures {
  readonly version: string | null;
  /** Both in milliseconds since the epoch. */
  readonly since: number;
  readonly seenAt: number;
  readonly roundTripMs: number | null;
  /** To participants. */
  readonly connections: number;
}

/** The figures of a node whose calls are a mesh. */
export const notForwarding: ForwardingFigures = { isAvailable: null, connections: 0, packets: 0, regions: [] };

export interface VoiceSources {
  readonly rooms: VoiceRooms;
  readonly stats: VoiceStats;
  readonly forwarding: Pick<Forwarding, "isAvailable" | "isWanted" | "figures">;
  readonly regions?: Pick<Regions, "links" | "available" | "givenUp">;
  /** Name of the region of the instance itself. */
  readonly ownRegion?: string;
  readonly connections: Iterable<{ readonly quality: QualityReport | null }>;
}

export function voiceMetrics({ rooms, stats }: VoiceSources): VoiceMetrics {
  return {
    total_connections: rooms.connections,
    active_channels: rooms.rooms.size,
    webrtc_offers: stats.offers,
    webrtc_answers: stats.answers,
    ice_candidates: stats.candidates,
    bitrate: rooms.bitrate,
  };
}

export function voiceQuality(sources: VoiceSources): VoiceQuality {
  const { rooms, stats, connections } = sources;
  const reports = [...connections].flatMap(({ quality }) => quality ?? []);
  const mean = (figure: (report: QualityReport) => number) =>
    reports.length === 0 ? null : reports.reduce((sum, report) => sum + figure(report), 0) / reports.length;
  return {
    participants: [...rooms.rooms.values()].reduce((sum, room) => sum + room.participants.size, 0),
    reports: stats.qualityReports,
    rttMs: mean((report) => report.rtt_ms),
    jitterMs: mean((report) => report.jitter_ms),
    loss: mean((report) => report.loss),
    bitrate: mean((report) => report.bitrate),
    forwarding: forwardingFigures(sources),
  };
}

function forwardingFigures(sources: VoiceSources): ForwardingFigures {
  const { isWanted, isAvailable, figures } = sources.forwarding;
  if (!isWanted) return notForwarding;
  const regions = regionFigures(sources);
  return { isAvailable, connections: figures?.peers ?? 0, packets: figures?.packetsOut ?? 0, regions };
}

function regionFigures({ rooms, forwarding, regions, ownRegion = "main" }: VoiceSources): RegionFigures[] {
  const { links = [], available = [], givenUp = new Map<string, number>() } = regions ?? {};
  // Those of a mesh are in none.
  const calls = [...rooms.rooms.values()].flatMap(({ region, participants }) =>
    region === null ? [] : [{ region, size: participants.size }],
  );
  const known = [
    ...links.map(({ name }) => name),
    ...available,
    ...givenUp.keys(),
    ...calls.map(({ region }) => region),
  ];
  return [...new Set([ownRegion, ...known.toSorted()])].map((name) => {
    const here = calls.filter(({ region }) => region === name);
    const link = links.find((one) => one.name === name);
    const isOwn = name === ownRegion;
    return {
      name,
      isOwn,
      isUp: isOwn ? forwarding.isAvailable : available.includes(name),
      calls: here.length,
      participants: here.reduce((sum, { size }) => sum + size, 0),
      givenUp: givenUp.get(name) ?? 0,
      link: link ? linkFigures(link) : null,
    };
  });
}

function linkFigures({ version, readyAt, seenAt, roundTripMs, figures }: Regions["links"][number]): LinkFigures {
  return { version, since: readyAt ?? seenAt, seenAt, roundTripMs, connections: figures?.peers ?? 0 };
}
