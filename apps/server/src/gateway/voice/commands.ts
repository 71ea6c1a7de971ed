import type { SignalCommand } from "@miscord/protocol";
import type { VoiceCommand } from "@miscord/protocol/schemas";
import type { DomainContext } from "../../domain/context.ts";
import { renewToken } from "../client-session/renew-token.ts";
import { toSignal } from "./voice-codec.ts";
import type { VoiceSession } from "./session.ts";
import type { VoiceStats } from "./stats.ts";

export interface VoiceCommandDeps {
  readonly context: DomainContext;
  readonly stats: VoiceStats;
}

/** @throws AppError to refuse */
export function handleVoiceCommand(
  session: VoiceSession,
  command: VoiceCommand,
  { context, stats }: VoiceCommandDeps,
): Promise<void> | void {
  switch (command.type) {
    case "offer":
    case "answer":
    case "ice_candidate":
      return passSignal(session, command, stats);
    case "speaking":
      session.spend("speaking");
      return session.seat.setSpeaking(command.is_speaking);
    case "mute":
      session.spend("status");
      return session.seat.setStatus({ isMuted: command.is_muted });
    case "deafen":
      session.spend("status");
      return session.seat.setStatus({ isDeafened: command.is_deafened });
    case "screen_share_start":
    case "screen_share_stop":
      session.spend("status");
      return session.seat.setSharing(command.type === "screen_share_start");
    case "quality_report":
      session.spend("report");
      session.quality = command;
      stats.qualityReports += 1;
      return;
    case "auth_refresh":
      return renewToken(context, session.token, command.token);
    case "heartbeat": {
      const timestamp = context.clock.now() / 1_000;
      const echo = command.timestamp === undefined ? {} : { client_timestamp: command.timestamp };
      session.tell({ type: "heartbeat_ack", timestamp, ...echo }, { type: "pong", timestamp });
      return session.connection.heartbeat();
    }
    case "ping":
      return session.tell({ type: "pong", timestamp: context.clock.now() / 1_000 });
    case "pong":
    // Its arrival was the sign of life.
  }
}

const counters = { offer: "offers", answer: "answers", ice_candidate: "candidates" } as const;

function passSignal(session: VoiceSession, command: SignalCommand, stats: VoiceStats): void {
  session.spend("signal");
  session.seat.signal(command.target_id, toSignal(command));
  stats[counters[command.type]] += 1;
}
