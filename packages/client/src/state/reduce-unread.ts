import type { ChannelState, MainEvent } from "@miscord/protocol";
import type { ClientState } from "./types.ts";

/** Where the channels' latest messages are: told by the messages themselves, or in short for channels not followed. */
export function reduceActivity(state: ClientState, events: readonly MainEvent[]): ClientState {
  const latest = new Map<number, number>();
  const note = (channelId: number, seq: number) => latest.set(channelId, Math.max(seq, latest.get(channelId) ?? 0));
  for (const event of events) {
    if (event.type === "new_message") note(event.channel_id, event.data.seq);
    if (event.type === "channel_activity") {
      for (const [channelId, seq] of Object.entries(event.channels)) note(Number(channelId), seq);
    }
  }
  return [...latest].reduce((current, [channelId, seq]) => noteActivity(current, channelId, seq), state);
}

/** Loaded messages tell as well: of those from just before a channel was joined nothing else may ever tell. */
export function noteLoaded(state: ClientState): ClientState {
  return Object.entries(state.timelines).reduce(
    // What is being loaded anew may be of another body of data, after a restored backup.
    (current, [channelId, { status, messages }]) =>
      status === "ready" ? noteActivity(current, Number(channelId), messages.at(-1)?.seq ?? 0) : current,
    state,
  );
}

function noteActivity(state: ClientState, channelId: number, seq: number): ClientState {
  const channel = state.channels[channelId];
  return channel && channel.last_message_seq < seq ? withChannel(state, { ...channel, last_message_seq: seq }) : state;
}

/** The server counts: of everything that changes how many mentions are unread it tells the number that is left. */
export function reduceUnread(state: ClientState, event: Extract<MainEvent, { type: "read_updated" }>): ClientState {
  const channel = state.channels[event.channel_id];
  // The count belongs to its position: an echo of an earlier one says nothing about the present.
  if (!channel || event.seq < channel.read_seq) return state;
  return withChannel(state, { ...channel, read_seq: event.seq, mention_count: event.mentions });
}

/** What reading up to `seq` shows before the server says so. */
export function readLocally(state: ClientState, channelId: number, seq: number): ClientState {
  const channel = state.channels[channelId];
  if (!channel || seq <= channel.read_seq) return state;
  const mentionCount = seq >= channel.last_message_seq ? 0 : channel.mention_count;
  return withChannel(state, { ...channel, read_seq: seq, mention_count: mentionCount });
}

function withChannel(state: ClientState, channel: ChannelState): ClientState {
  return { ...state, channels: { ...state.channels, [channel.id]: channel } };
}
