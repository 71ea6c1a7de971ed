import type { ChannelEvent, History } from "@miscord/protocol";
import { mergeMessages, putMessage, putReaction, removeMessage, type Messages } from "./messages.ts";
import { followPins } from "./pins.ts";
import type { Timeline } from "./types.ts";

/** Most messages kept of one timeline. Beyond it the end away from the reader is dropped, and can be loaded again. */
const timelineCapacity = 1_000;

/** The result of applying events to a timeline. */
export interface Followed {
  timeline: Timeline;
  /** Events that were applied, in order. */
  applied: readonly ChannelEvent[];
  /** Events after a gap in `seq`: they wait until a join has replayed the missing ones. */
  waiting: readonly ChannelEvent[];
}

/** Applies live events in the order of arrival. Those at or below the position are skipped; a gap ends the run. */
export function follow(timeline: Timeline, events: readonly ChannelEvent[]): Followed {
  const applied: ChannelEvent[] = [];
  let { messages, seq } = timeline;
  for (const [index, event] of events.entries()) {
    if (event.seq <= seq) continue;
    if ((event.after_seq ?? event.seq - 1) > seq)
      return { timeline: followPins(moved(timeline, messages, seq), applied), applied, waiting: events.slice(index) };
    messages = applyEvent({ ...timeline, messages, seq }, event);
    seq = event.seq;
    applied.push(event);
  }
  return { timeline: followPins(moved(timeline, messages, seq), applied), applied, waiting: [] };
}

/**
 * Finishes a join. `events`: everything received since it began, replayed and live interleaved; `syncedSeq`: the
 * position
 * that the replay reached. Replayed messages carry their reactions, so reaction events up to there are skipped.
 */
export function catchUp(timeline: Timeline, events: readonly ChannelEvent[], syncedSeq: number): Followed {
  const ordered = events.toSorted((a, b) => reachOf(a) - reachOf(b));
  const missed = ordered.filter(
    (event) => reachOf(event) > timeline.seq && reachOf(event) <= syncedSeq && event.type !== "reaction_updated",
  );
  // An event of the replay may also have arrived live during the join. In legacy mode deletions share a position.
  const seen = new Set<string>();
  const replayed = missed.filter((event) => {
    const key = `${reachOf(event)} ${messageIdOf(event)}`;
    return !seen.has(key) && seen.add(key);
  });
  const messages = replayed.reduce(
    (current, event) => applyEvent({ ...timeline, messages: current }, event),
    timeline.messages,
  );
  const caughtUp = followPins(moved(timeline, messages, Math.max(timeline.seq, syncedSeq)), replayed);
  const live = follow(
    caughtUp,
    ordered.filter((event) => reachOf(event) > syncedSeq),
  );
  return { ...live, applied: [...replayed, ...live.applied] };
}

/** Replaces the messages by a page. `since`: events applied after the page was requested. */
export function showPage(timeline: Timeline, page: History, since: readonly ChannelEvent[]): Timeline {
  const shown: Timeline = {
    ...timeline,
    status: "ready",
    messages: page.messages,
    hasOlder: page.has_more,
    hasNewer: page.has_newer,
    loadingOlder: false,
    loadingNewer: false,
    seq: page.seq,
    // Changes between the two positions may be missed.
    pins: page.seq > timeline.seq ? null : timeline.pins,
  };
  return { ...shown, messages: reapply(shown, since, page.seq), seq: Math.max(timeline.seq, page.seq) };
}

export function addOlder(timeline: Timeline, page: History, since: readonly ChannelEvent[]): Timeline {
  const extended = { ...timeline, messages: mergeMessages(page.messages, timeline.messages), hasOlder: page.has_more };
  const messages = reapply(extended, since, page.seq);
  const kept = messages.slice(0, timelineCapacity);
  return {
    ...extended,
    loadingOlder: false,
    messages: kept,
    hasNewer: timeline.hasNewer || kept.length < messages.length,
  };
}

export function addNewer(timeline: Timeline, page: History, since: readonly ChannelEvent[]): Timeline {
  const extended = { ...timeline, messages: mergeMessages(timeline.messages, page.messages), hasNewer: page.has_newer };
  return withinCapacity({ ...extended, loadingNewer: false, messages: reapply(extended, since, page.seq) });
}

/**
 * A page may be older than the timeline's position: events that arrived while it was in flight are applied again.
 * Messages
 * that have them already do not change.
 */
function reapply(timeline: Timeline, since: readonly ChannelEvent[], pageSeq: number): Messages {
  return since
    .filter((event) => reachOf(event) > pageSeq)
    .reduce((messages, event) => applyEvent({ ...timeline, messages }, event), timeline.messages);
}

function applyEvent(timeline: Timeline, event: ChannelEvent): Messages {
  switch (event.type) {
    case "new_message":
    case "message_edited":
      return putMessage(timeline.messages, event.data, reaches(timeline, event.data.seq));
    case "message_deleted":
      return removeMessage(timeline.messages, event.data.message_id);
    case "reaction_updated":
      return putReaction(timeline.messages, event.data.message_id, event.data.reaction, event.seq);
  }
}

/** Whether a message with this `seq` lies in the loaded range, or follows its end in the present. */
function reaches({ messages, hasOlder, hasNewer, seq: position }: Timeline, seq: number): boolean {
  const first = messages[0]?.seq ?? position + 1;
  const last = messages.at(-1)?.seq ?? position;
  return (!hasOlder || seq >= first) && (!hasNewer || seq <= last);
}

function messageIdOf({ data }: ChannelEvent): number {
  return "message_id" in data ? data.message_id : data.id;
}

/** The position up to which the event includes the changes of its message. */
function reachOf(event: ChannelEvent): number {
  return event.type === "new_message" || event.type === "message_edited"
    ? Math.max(event.seq, event.data.updated_seq)
    : event.seq;
}

function moved(timeline: Timeline, messages: Messages, seq: number): Timeline {
  if (messages === timeline.messages && seq === timeline.seq) return timeline;
  return withinCapacity({ ...timeline, messages, seq });
}

function withinCapacity(timeline: Timeline): Timeline {
  if (timeline.messages.length <= timelineCapacity) return timeline;
  return { ...timeline, messages: timeline.messages.slice(-timelineCapacity), hasOlder: true };
}
