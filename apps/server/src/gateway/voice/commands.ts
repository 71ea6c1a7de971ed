import type { SignalCommand } from "@miscord/protocol";
import type { VoiceCommand } from "@miscord/protocol/schemas";
import type { DomainContext } from "../../domain/context.ts";
import { playableSound } from "../../domain/sounds/play-sound.ts";
import { ring } from "../../domain/private/calls.ts";
import type { MediaRequest } from "../../voice/events.ts";
import { renewToken } from "../client-session/renew-token.ts";
import { toSignal } from "./voice-codec.ts";
import type { VoiceConnection } from "./voice-connection.ts";
import type { VoiceStats } from "./stats.ts";

export interface VoiceCommandDeps {
  readonly context: DomainContext;
  readonly stats: VoiceStats;
}

/** @throws AppError when the command is refused */
export function handleVoiceCommand(
  voice: VoiceConnection,
  command: VoiceCommand,
  { context, stats }: VoiceCommandDeps,
): Promise<void> | void {
  switch (command.type) {
    case "offer":
    case "answer":
    case "ice_candidate":
      return passSignal(voice, command, stats);
    case "renew_media":
      voice.spend("media");
      return voice.joinHandle.ask({ kind: "renew", connectionId: command.connection_id ?? null });
    case "watch":
      voice.spend("media");
      return voice.joinHandle.ask(watchedOf(command));
    case "keys_join":
    case "keys_commit":
      voice.spend(command.type === "keys_join" ? "keysJoin" : "keysCommit");
      return voice.joinHandle.ask({ kind: "keys", command });
    case "speaking":
      voice.spend("speaking");
      return voice.joinHandle.setSpeaking(command.is_speaking);
    case "mute":
      voice.spend("status");
      return voice.joinHandle.setStatus({ isMuted: command.is_muted });
    case "deafen":
      voice.spend("status");
      return voice.joinHandle.setStatus({ isDeafened: command.is_deafened });
    case "raise_hand":
      voice.spend("status");
      return voice.joinHandle.raiseHand(command.is_raised);
    case "play_sound":
      return playSound(voice, command.sound_id, context);
    case "camera":
      voice.spend("status");
      return voice.joinHandle.setStatus({ isCameraOn: command.is_camera_on });
    case "ring":
      voice.spend("ring");
      return ring(context, voice, { channelId: voice.channelId, userIds: command.user_ids ?? null });
    case "screen_share_start":
    case "screen_share_stop":
      voice.spend("status");
      return voice.joinHandle.setSharing(command.type === "screen_share_start");
    case "quality_report":
      voice.spend("report");
      voice.quality = command;
      stats.qualityReports += 1;
      return;
    case "auth_refresh":
      return renewToken(context, voice.token, command.token);
    case "heartbeat":
      return beat(voice, command.timestamp, context.clock.now() / 1_000);
    case "ping":
      return voice.sendEvents({ type: "pong", timestamp: context.clock.now() / 1_000 });
    case "pong":
    // Receiving the frame has already updated `lastSeenAt`.
  }
}

function beat(voice: VoiceConnection, sentAt: number | undefined, timestamp: number): void {
  const echo = sentAt === undefined ? {} : { client_timestamp: sentAt };
  voice.sendEvents({ type: "heartbeat_ack", timestamp, ...echo }, { type: "pong", timestamp });
  voice.connection.heartbeat();
}

const counters = { offer: "offers", answer: "answers", ice_candidate: "candidates" } as const;

function passSignal(voice: VoiceConnection, command: SignalCommand, stats: VoiceStats): Promise<void> | void {
  voice.spend("signal");
  const passed = voice.joinHandle.signal(command.target_id, toSignal(command));
  const count = () => void (stats[counters[command.type]] += 1);
  return passed ? passed.then(count) : count();
}

async function playSound(voice: VoiceConnection, soundId: number, context: DomainContext): Promise<void> {
  const sound = await playableSound(context, voice, { channelId: voice.channelId, soundId });
  voice.joinHandle.playSound(sound);
}

function watchedOf(command: Extract<VoiceCommand, { type: "watch" }>): MediaRequest {
  return {
    kind: "watch",
    userIds: command.user_ids,
    cameraIds: command.camera_ids ?? [],
    smallUserIds: command.small_user_ids ?? [],
    smallCameraIds: command.small_camera_ids ?? [],
  };
}
