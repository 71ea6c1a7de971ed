import type { QualityReport, ServerMetrics } from "@miscord/protocol";
import type { VoiceStats } from "../gateway/voice/stats.ts";
import type { Forwarding } from "../voice/forwarding/forwarding.ts";
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
}

/** The figures of a node whose calls are a mesh. */
export const notForwarding: ForwardingFigures = { isAvailable: null, connections: 0, packets: 0 };

export interface VoiceSources {
  readonly rooms: VoiceRooms;
  readonly stats: VoiceStats;
  readonly forwarding: Pick<Forwarding, "isAvailable" | "isWanted" | "figures">;
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

export function voiceQuality({ rooms, stats, connections, forwarding }: VoiceSources): VoiceQuality {
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
    forwarding: forwardingFigures(forwarding),
  };
}

function forwardingFigures({ isWanted, isAvailable, figures }: VoiceSources["forwarding"]): ForwardingFigures {
  if (!isWanted) return notForwarding;
  return { isAvailable, connections: figures?.peers ?? 0, packets: figures?.packetsOut ?? 0 };
}
