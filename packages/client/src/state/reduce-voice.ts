import type { MainEvent, ServerState, VoiceState } from "@miscord/protocol";
import type { ClientState, VoiceMember } from "./types.ts";

export function hasCalls(type: string): boolean {
  return type === "voice" || type === "stage";
}

/** What an event that somebody joins leaves out; the next one tells what is different. */
const untold = {
  is_muted: false,
  is_deafened: false,
  is_sharing: false,
  is_camera_on: false,
  is_hand_raised: false,
  is_server_muted: false,
  is_server_deafened: false,
  is_suppressed: false,
  is_video_suppressed: false,
};

/** Participants of voice channels, as all members of the server see them. */
export function reduceVoice(state: ClientState, event: MainEvent): ClientState {
  // A private channel that is not known brings its participants with it.
  if ("server_id" in event && event.server_id === null && !(channelIdOf(event) in state.dms)) return state;
  switch (event.type) {
    case "voice_channel_join": {
      const { channel_id, user } = event;
      return enter(state, { channel_id, user, ...untold });
    }
    case "voice_channel_leave":
      return change(state, event.channel_id, (members) => members.filter(({ user }) => user.id !== event.user_id));
    case "voice_state_updated":
      return patch(state, event.state.channel_id, event.state.user.id, event.state);
    case "screen_share_started":
    case "screen_share_stopped":
      return patch(state, event.channel_id, event.user_id, { is_sharing: event.type === "screen_share_started" });
    case "voice_speaking": {
      const speaking = new Set(event.user_ids);
      return change(state, event.channel_id, (members) =>
        members.map((member) => {
          const is_speaking = speaking.has(member.user.id);
          return member.is_speaking === is_speaking ? member : { ...member, is_speaking };
        }),
      );
    }
    default:
      return state;
  }
}

function channelIdOf(event: MainEvent): number {
  if ("channel_id" in event) return event.channel_id;
  return "state" in event ? event.state.channel_id : 0;
}

/** Replaces the participants of the private channels. */
export function showPrivateCalls(
  state: ClientState,
  dms: readonly { id: number; voice_states?: readonly VoiceState[] | undefined }[],
): ClientState {
  const shown = dms.map(({ id, voice_states: fetched = [] }) => [id, fetched.map((one) => withSpeaking(state, one))]);
  const kept = Object.entries(state.voice).filter(([id]) => !(id in state.dms));
  const called = shown.filter(([, members]) => (members as readonly VoiceMember[]).length > 0);
  return { ...state, voice: { ...Object.fromEntries(kept), ...Object.fromEntries(called) } };
}

/** Replaces the participants of the voice channels among those fetched. */
export function showVoice(
  state: ClientState,
  { channels, voice_states }: Pick<ServerState, "channels" | "voice_states">,
): ClientState {
  const fetched = Map.groupBy(voice_states, ({ channel_id }) => channel_id);
  const shown = channels
    .filter(({ type }) => hasCalls(type))
    .map(({ id }) => [id, (fetched.get(id) ?? []).map((one) => withSpeaking(state, one))] as const);
  return shown.length === 0 ? state : { ...state, voice: { ...state.voice, ...Object.fromEntries(shown) } };
}

/** Fetched voice states do not carry `is_speaking`: the known value is kept until the next event. */
function withSpeaking(state: ClientState, voice: VoiceState): VoiceMember {
  const known = state.voice[voice.channel_id]?.find(({ user }) => user.id === voice.user.id);
  return { ...voice, is_speaking: known?.is_speaking ?? false };
}

/** A user is in one voice channel at a time: entering one leaves the other. */
function enter(state: ClientState, voice: VoiceState): ClientState {
  const elsewhere = Object.entries(state.voice).map(([id, members]) => [
    id,
    members.some(({ user }) => user.id === voice.user.id)
      ? members.filter(({ user }) => user.id !== voice.user.id)
      : members,
  ]);
  const without: ClientState = { ...state, voice: Object.fromEntries(elsewhere) };
  return change(without, voice.channel_id, (members) => [...members, { ...voice, is_speaking: false }]);
}

function patch(state: ClientState, channelId: number, userId: number, patch: Partial<VoiceMember>): ClientState {
  return change(state, channelId, (members) =>
    members.map((member) => (member.user.id === userId ? { ...member, ...patch } : member)),
  );
}

function change(
  state: ClientState,
  channelId: number,
  change: (members: readonly VoiceMember[]) => readonly VoiceMember[],
): ClientState {
  return { ...state, voice: { ...state.voice, [channelId]: change(state.voice[channelId] ?? []) } };
}
