import type { ClientState, OutgoingMessage, Timeline } from "./types.ts";

export function showOutgoing(state: ClientState, message: OutgoingMessage): ClientState {
  return withTimeline(state, message.channelId, (timeline) => {
    const index = timeline.outbox.findIndex(({ nonce }) => nonce === message.nonce);
    return { ...timeline, outbox: index < 0 ? [...timeline.outbox, message] : timeline.outbox.with(index, message) };
  });
}

export function hideOutgoing(state: ClientState, { channelId, nonce }: OutgoingMessage): ClientState {
  return withTimeline(state, channelId, (timeline) => ({
    ...timeline,
    outbox: timeline.outbox.filter((message) => message.nonce !== nonce),
  }));
}

/** Removes messages from the outbox that the timeline shows as received, so that none is shown twice. */
export function settleOutbox(timeline: Timeline, ownId: number | undefined): Timeline {
  if (timeline.outbox.length === 0) return timeline;
  const arrived = new Set(timeline.messages.filter(({ author }) => author.id === ownId).map(({ nonce }) => nonce));
  const outbox = timeline.outbox.filter(
    ({ nonce, seq }) => !arrived.has(nonce) && (seq === null || seq > timeline.seq),
  );
  return outbox.length === timeline.outbox.length ? timeline : { ...timeline, outbox };
}

export function withTimeline(
  state: ClientState,
  channelId: number,
  change: (timeline: Timeline) => Timeline,
): ClientState {
  const timeline = state.timelines[channelId];
  if (!timeline) return state;
  const changed = change(timeline);
  return changed === timeline ? state : { ...state, timelines: { ...state.timelines, [channelId]: changed } };
}
