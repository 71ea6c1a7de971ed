import type { ServerEvent, TransientEvent, VoiceState } from "@miscord/protocol";
import type { Clock, Timer } from "../clock.ts";
import type { ParticipantState, VoiceChannel } from "./events.ts";
import type { Room, RoomObserver } from "./room.ts";

/** Shortest interval between speaking updates to members outside the room: many members, and only an indicator. */
const speakingMs = 1_000;

export type AnnounceToViewers = (channel: VoiceChannel, event: ServerEvent | TransientEvent) => void;

/** Announces changes in voice channels to those who see them. */
export class VoicePresence implements RoomObserver {
  readonly #clock: Clock;
  readonly #announce: AnnounceToViewers;
  /** Rooms whose speakers were announced within the last second; `stale` when they have changed since. */
  readonly #speaking = new Map<Room, { timer: Timer; stale: boolean }>();

  constructor(clock: Clock, announce: AnnounceToViewers) {
    this.#clock = clock;
    this.#announce = announce;
  }

  joined(room: Room, participant: ParticipantState): void {
    const { channel } = room;
    this.#report(room, {
      type: "voice_channel_join",
      server_id: channel.serverId,
      channel_id: channel.id,
      channel_name: channel.name,
      user: participant.user,
      timestamp: this.#clock.now() / 1_000,
    });
  }

  left(room: Room, participant: ParticipantState): void {
    const { channel } = room;
    this.#report(room, {
      type: "voice_channel_leave",
      server_id: channel.serverId,
      channel_id: channel.id,
      channel_name: channel.name,
      user_id: participant.user.id,
      username: participant.user.username,
      timestamp: this.#clock.now() / 1_000,
    });
  }

  statusChanged(room: Room, participant: ParticipantState): void {
    const { channel } = room;
    const state = voiceStateOf(channel.id, participant);
    this.#report(room, { type: "voice_state_updated", server_id: channel.serverId, state });
  }

  sharingChanged(room: Room, { user, isSharing }: ParticipantState): void {
    const { channel } = room;
    this.#report(room, {
      type: isSharing ? "screen_share_started" : "screen_share_stopped",
      server_id: channel.serverId,
      channel_id: channel.id,
      user_id: user.id,
      username: user.username,
    });
  }

  /** People of a private channel who are outside its call are not told: for an indicator, each would get an event a second. */
  speakingChanged(room: Room): void {
    if (room.channel.serverId === null) return;
    const pending = this.#speaking.get(room);
    if (pending) pending.stale = true;
    else this.#announceSpeaking(room);
  }

  #announceSpeaking(room: Room): void {
    const { id, serverId } = room.channel;
    if (serverId === null) return;
    const speakers = [...room.participants.values()].filter(({ isSpeaking }) => isSpeaking).map(({ user }) => user.id);
    this.#report(room, { type: "voice_speaking", server_id: serverId, channel_id: id, user_ids: speakers });
    const timer = this.#clock.setTimeout(() => {
      const stale = this.#speaking.get(room)?.stale;
      this.#speaking.delete(room);
      if (stale) this.#announceSpeaking(room);
    }, speakingMs);
    this.#speaking.set(room, { timer, stale: false });
  }

  /** A room that may have a new home is reported by that one. */
  #report(room: Room, event: Parameters<AnnounceToViewers>[1]): void {
    if (room.isHome) this.#announce(room.channel, event);
  }
}

/** The participants of the rooms that are in the server. */
export function voiceStatesOf(rooms: Iterable<Room>, serverId: number | null): VoiceState[] {
  return [...rooms]
    .filter(({ channel }) => channel.serverId === serverId)
    .flatMap(({ channel, participants }) => [...participants.values()].map((one) => voiceStateOf(channel.id, one)));
}

/** A participant as members of the server see them. */
export function voiceStateOf(
  channelId: number,
  participant: Omit<ParticipantState, "isSpeaking" | "callId" | "isLegacy" | "canForward">,
): VoiceState {
  return {
    channel_id: channelId,
    user: participant.user,
    is_muted: participant.isMuted,
    is_deafened: participant.isDeafened,
    is_sharing: participant.isSharing,
    is_camera_on: participant.isCameraOn,
    is_hand_raised: participant.isHandRaised,
    is_server_muted: participant.isServerMuted,
    is_server_deafened: participant.isServerDeafened,
    is_suppressed: participant.isSuppressed,
    is_video_suppressed: participant.isVideoSuppressed,
  };
}
