import type { Channel, MainEvent, ServerState, Thread, ThreadState } from "@miscord/protocol";
import type { ChannelEntry, ClientState, ThreadEntry } from "./types.ts";
import { isReadLater, withRead } from "./read-order.ts";

type ThreadChange = Extract<MainEvent, { type: "thread_followed" | "thread_unfollowed" | "thread_updated" }>;

export function reduceThreads(state: ClientState, event: ThreadChange): ClientState {
  switch (event.type) {
    case "thread_followed":
      return addThread(state, event.thread);
    case "thread_updated":
      return changeThread(state, event.thread);
    case "thread_unfollowed":
      return setFollowing(state, event.channel_id, false);
  }
}

/** Ids of the server's threads that are known: those that the user follows, and others that were opened. */
export function threadIdsOf({ threads, channels }: ClientState, serverId: number): number[] {
  const ids = Object.keys(threads).map(Number);
  return ids.filter((id) => channels[id]?.server_id === serverId);
}

/** Shows what a server's state has; threads that it lacks are not followed any more, or archived. */
export function showThreads(state: ClientState, serverId: number, threads: readonly ThreadState[]): ClientState {
  const present = new Set(threads.map(({ id }) => id));
  const lost = threadIdsOf(state, serverId).filter((id) => !present.has(id));
  return threads.reduce(
    putThread,
    lost.reduce((one, id) => setFollowing(one, id, false), state),
  );
}

/** For clients in legacy mode, which could list threads and forums, and not open them. */
export function withoutThreads(servers: readonly ServerState[]): ServerState[] {
  return servers.map((server) => ({
    ...server,
    threads: [],
    channels: server.channels.filter(({ type }) => type !== "forum"),
  }));
}

/** Of a thread that is shown already, what the user has read meanwhile and later messages stay. */
export function addThread(state: ClientState, thread: ThreadState): ClientState {
  const known = state.channels[thread.id];
  if (!state.servers[thread.server_id]) return state;
  if (!known) return putThread(state, thread);
  const countedAt = state.countedAt[thread.id] ?? 0;
  const isBehind = isReadLater(known, thread) || countedAt > thread.last_message_seq;
  const read = isBehind ? known : thread;
  const last_message_seq = Math.max(thread.last_message_seq, known.last_message_seq);
  const shown = putThread(state, {
    ...withRead(thread, read),
    mention_count: read.mention_count,
    last_message_seq,
  });
  return { ...shown, countedAt: { ...shown.countedAt, [thread.id]: Math.max(last_message_seq, countedAt) } };
}

function putThread(state: ClientState, thread: ThreadState): ClientState {
  const { id, server_id, type, name, last_message_seq, read_seq, mention_count, notifications } = thread;
  const unread: ChannelEntry = {
    id,
    server_id,
    type,
    name,
    last_message_seq,
    read_seq,
    mention_count,
    position: 0,
    category_id: null,
    topic: "",
    slow_mode_s: 0,
    retention: null,
    overrides: [],
    ...(notifications && { notifications }),
  };
  const channel = withRead(unread, thread);
  return {
    ...state,
    channels: { ...state.channels, [id]: channel },
    countedAt: { ...state.countedAt, [id]: last_message_seq },
    threads: { ...state.threads, [id]: { ...entryOf(thread), is_following: thread.is_following } },
  };
}

function changeThread(state: ClientState, thread: Thread): ClientState {
  const [known, channel] = [state.threads[thread.id], state.channels[thread.id]];
  if (!known || !channel) return state;
  return {
    ...state,
    channels: { ...state.channels, [thread.id]: { ...channel, name: thread.name } },
    threads: { ...state.threads, [thread.id]: { ...known, ...entryOf(thread) } },
  };
}

/** Tags that a forum has no more are taken off its posts without an event for each. */
export function withTagsOf(state: ClientState, { id: forumId, forum }: Channel): ClientState {
  if (!forum) return state;
  const isLeft = (id: number) => forum.tags.some((tag) => tag.id === id);
  const entries = Object.entries(state.threads).map(([id, thread]) => {
    const isPost = thread.parent_id === forumId && thread.tags;
    return [id, isPost ? { ...thread, tags: thread.tags?.filter(isLeft) } : thread] as const;
  });
  return { ...state, threads: Object.fromEntries(entries) };
}

function entryOf(thread: Thread): Omit<ThreadEntry, "is_following"> {
  const { parent_id, owner_id, message_id, created_at, archive_after_s, archived, locked, tags, pinned_at } = thread;
  const ofPost = { ...(tags && { tags }), pinned_at };
  return { parent_id, owner_id, message_id, created_at, archive_after_s, archived, locked, ...ofPost };
}

function setFollowing(state: ClientState, threadId: number, is_following: boolean): ClientState {
  const known = state.threads[threadId];
  return known ? { ...state, threads: { ...state.threads, [threadId]: { ...known, is_following } } } : state;
}

const none: readonly number[] = [];
/** By the state's threads: those that are listed, by parent. Every row of the channel list asks with each change of the state. */
const listed = new WeakMap<ClientState["threads"], ReadonlyMap<number, readonly number[]>>();

/** Ids of the channel's threads that the user follows and that are not archived; the same list while none changes. */
export function followedThreads({ threads }: Pick<ClientState, "threads">, parentId: number): readonly number[] {
  let byParent = listed.get(threads);
  if (!byParent) {
    const shown = Object.entries(threads).filter(([, { is_following, archived }]) => is_following && !archived);
    const groups = Map.groupBy(shown, ([, { parent_id }]) => parent_id);
    byParent = new Map([...groups].map(([id, of]) => [id, of.map(([threadId]) => Number(threadId))]));
    listed.set(threads, byParent);
  }
  return byParent.get(parentId) ?? none;
}
