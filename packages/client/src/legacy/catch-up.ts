import type { ChannelEvent, History, Message } from "@miscord/protocol";
import type { HistoryPageQuery } from "../rest/rest.ts";
import type { Timeline } from "../state/types.ts";

const pageSize = 100;
/** Most pages fetched. If the loaded range is longer, the newest page is shown instead. */
const maxPages = 4;
const maxAttempts = 3;

export interface CatchUpResult {
  seq: number;
  /** As in `channel_synced`. */
  recovered: boolean;
  events: readonly ChannelEvent[];
}

interface CatchUpRequest {
  fetchPage: (query: HistoryPageQuery) => Promise<History>;
  shown: () => Timeline | undefined;
  /** The position to catch up from; null means from now on. */
  afterSeq: number | null;
}

/**
 * Fetches over HTTP what a join of `/ws/main` replays: every message of the loaded range that changed after the
 * position,
 * whole and in its present state. Call it when the channel's events are already being received, so that none is missed.
 */
export async function catchUp(request: CatchUpRequest): Promise<CatchUpResult> {
  const { fetchPage, shown, afterSeq } = request;
  if (afterSeq === null) return { seq: (await fetchPage({ limit: 1 })).seq, recovered: true, events: [] };
  for (let attempt = 1; ; attempt += 1) {
    const newest = await fetchPage({ limit: pageSize });
    const { seq } = newest;
    if (seq === afterSeq) return { seq, recovered: true, events: [] };
    const timeline = shown();
    // A lower `seq` means that the data was restored from a backup. A user who reads old history gets a page around it.
    if (seq < afterSeq || !timeline || timeline.hasNewer) return { seq, recovered: false, events: [] };
    const stretch = await readBack(fetchPage, newest, firstSeqOf(timeline));
    if (stretch) return { seq, recovered: true, events: changesAfter(afterSeq, stretch, timeline, seq) };
    if (attempt === maxAttempts) return { seq, recovered: false, events: [] };
  }
}

interface Stretch {
  messages: readonly Message[];
  reachesStart: boolean;
}

/** Fetches pages back to `firstSeq`. Null when they are too many, or the channel changed between two pages. */
async function readBack(
  fetchPage: CatchUpRequest["fetchPage"],
  newest: History,
  firstSeq: number,
): Promise<Stretch | null> {
  let { messages, has_more: hasMore } = newest;
  for (let pages = 1; hasMore && messages[0] && messages[0].seq > firstSeq; pages += 1) {
    if (pages === maxPages) return null;
    const older = await fetchPage({ before: messages[0].id, limit: pageSize });
    if (older.seq !== newest.seq) return null;
    messages = [...older.messages, ...messages];
    hasMore = older.has_more;
  }
  return { messages, reachesStart: !hasMore };
}

function changesAfter(afterSeq: number, stretch: Stretch, timeline: Timeline, seq: number): ChannelEvent[] {
  const first = stretch.reachesStart ? 0 : (stretch.messages[0]?.seq ?? 0);
  const present = new Set(stretch.messages.map(({ id }) => id));
  const gone = timeline.messages.filter((message) => message.seq >= first && !present.has(message.id));
  const changed = stretch.messages.filter(({ updated_seq }) => updated_seq > afterSeq);
  return [
    ...changed.toSorted((a, b) => a.updated_seq - b.updated_seq).map((message) => stateOf(message, afterSeq)),
    ...gone.map((message) => deletionOf(message, seq)),
  ];
}

function stateOf(message: Message, afterSeq: number): ChannelEvent {
  const type = message.seq > afterSeq ? "new_message" : "message_edited";
  return { type, channel_id: message.channel_id, seq: message.updated_seq, data: message };
}

function deletionOf({ id, channel_id }: Message, seq: number): ChannelEvent {
  const data = { message_id: id, channel_id, text_channel_id: channel_id };
  return { type: "message_deleted", channel_id, seq, data };
}

function firstSeqOf({ messages, hasOlder }: Timeline): number {
  return hasOlder ? (messages[0]?.seq ?? 0) : 0;
}
