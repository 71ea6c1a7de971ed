import type { MainEvent } from "@miscord/protocol";
import { isReadLater, withRead } from "./read-order.ts";
import type { ChannelEntry, ClientState } from "./types.ts";

/** Updates `last_message_seq` by new messages, new posts of forums, and `channel_activity` of channels that are not joined. */
export function reduceActivity(state: ClientState, events: readonly MainEvent[]): ClientState {
  const latest = new Map<number, number>();
  const note = (channelId: number, seq: number) => latest.set(channelId, Math.max(seq, latest.get(channelId) ?? 0));
  for (const event of events) {
    if (event.type === "new_message") note(event.channel_id, event.data.seq);
    if (event.type === "forum_activity") note(event.channel_id, event.seq);
    if (event.type === "channel_activity") {
      for (const [channelId, seq] of Object.entries(event.channels)) note(Number(channelId), seq);
    }
  }
  return [...latest].reduce((current, [channelId, seq]) => noteActivity(current, channelId, seq), state);
}

/**
 * Updates `last_message_seq` by loaded messages: no event is sent for those from just before the channel was joined.
 */
export function noteLoaded(state: ClientState): ClientState {
  return Object.entries(state.timelines).reduce(
    // Timelines that are reloading may hold positions from before a restored backup.
    (current, [channelId, { status, messages }]) =>
      status === "ready" ? noteActivity(current, Number(channelId), messages.at(-1)?.seq ?? 0) : current,
    state,
  );
}

function noteActivity(state: ClientState, channelId: number, seq: number): ClientState {
  const channel = state.channels[channelId];
  return channel && channel.last_message_seq < seq ? withChannel(state, { ...channel, last_message_seq: seq }) : state;
}

/** Sets the read position and the number of unread mentions, which the server counts. */
export function reduceUnread(state: ClientState, event: Extract<MainEvent, { type: "read_updated" }>): ClientState {
  const channel = state.channels[event.channel_id];
  // A count for an earlier read position, or as of an earlier position of the channel, is outdated.
  const read = { read_seq: event.seq, read_generation: event.read_generation };
  if (!channel || isReadLater(channel, read)) return state;
  const { [channel.id]: countedAt = 0 } = state.countedAt;
  const asOf = event.as_of ?? countedAt;
  if (asOf < countedAt) return state;
  const counted = asOf === countedAt ? state : { ...state, countedAt: { ...state.countedAt, [channel.id]: asOf } };
  return withChannel(counted, { ...withRead(channel, read), mention_count: event.mentions });
}

/** Shows a channel as read up to `seq` before the server confirms it. */
export function readLocally(state: ClientState, channelId: number, seq: number): ClientState {
  const channel = state.channels[channelId];
  if (!channel || seq <= channel.read_seq) return state;
  const mentionCount = seq >= channel.last_message_seq ? 0 : channel.mention_count;
  return withChannel(state, { ...channel, read_seq: seq, mention_count: mentionCount });
}

function withChannel(state: ClientState, channel: ChannelEntry): ClientState {
  return { ...state, channels: { ...state.channels, [channel.id]: channel } };
}
