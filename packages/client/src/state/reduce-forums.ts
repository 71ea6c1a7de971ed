import type { ListedPost, MainEvent, Post, PostOrder, Posts } from "@miscord/protocol";
import type { ClientState, ForumList } from "./types.ts";

/** What a list of posts shows of its forum. */
export type ForumQuery = Pick<ForumList, "order" | "tags">;

export function emptyForum({ order, tags }: ForumQuery): ForumList {
  return { status: "loading", order, tags, pinned: [], posts: [], cursor: null };
}

/** What the event changes in the lists of posts that are open. */
export function reduceForums(state: ClientState, event: MainEvent): ClientState {
  switch (event.type) {
    case "post_updated":
      return isBlocked(state, event.post)
        ? state
        : changed(state, event.channel_id, (list) => put(list, state, event.post));
    case "post_removed":
      return changed(state, event.channel_id, (list) => without(list, event.post_id));
    case "channel_updated":
      return event.channel.forum ? withTagsOf(state, event.channel.id) : state;
    case "read_updated":
      return mapPosts(state, event.channel_id, (post) =>
        post.read_seq < event.seq ? { ...post, read_seq: event.seq } : post,
      );
    case "thread_followed":
      return mapPosts(state, event.thread.id, (post) => ({ ...post, is_following: true }));
    case "thread_unfollowed":
      return mapPosts(state, event.channel_id, (post) => ({ ...post, is_following: false }));
    case "user_updated":
      return mapAll(state, (post) => (post.author.id === event.user.id ? { ...post, author: event.user } : post));
    default:
      return state;
  }
}

export function changed(state: ClientState, forumId: number, change: (list: ForumList) => ForumList): ClientState {
  const list = state.forums[forumId];
  return list ? { ...state, forums: { ...state.forums, [forumId]: change(list) } } : state;
}

/** The first page in place of all that is shown. */
export function showPosts(list: ForumList, { pinned, posts, cursor }: Posts): ForumList {
  return { ...list, status: "ready", pinned, posts, cursor };
}

/** The page after `list.cursor`. */
export function addPosts(list: ForumList, { posts, cursor }: Posts): ForumList {
  const known = new Set(list.posts.map(({ id }) => id));
  const pinned = new Set(list.pinned.map(({ id }) => id));
  const added = posts.filter(({ id }) => !known.has(id) && !pinned.has(id));
  return { ...list, posts: [...list.posts, ...added].toSorted(before(list.order)), cursor };
}

/** Those of people whom the user hides are not listed. */
function isBlocked({ relationships }: ClientState, { owner_id }: Post): boolean {
  return relationships[owner_id]?.kind === "blocked";
}

/** The post at its place, if the list shows it: it has one of the tags, and is not behind the loaded ones. */
function put(list: ForumList, state: ClientState, post: Post): ForumList {
  const known = [...list.pinned, ...list.posts].find(({ id }) => id === post.id);
  const own = known ?? {
    is_following: state.threads[post.id]?.is_following ?? false,
    read_seq: state.channels[post.id]?.read_seq ?? 0,
  };
  const { is_following, read_seq } = own;
  const shown: ListedPost = { ...latest(known, post), is_following, read_seq };
  const others = without(list, post.id);
  if (!matches(list, shown)) return others;
  if (shown.pinned_at !== undefined) return { ...others, pinned: [...others.pinned, shown].toSorted(byPin) };
  return isBehind(list, shown) ? others : { ...others, posts: [...others.posts, shown].toSorted(before(list.order)) };
}

/** Announcements of two commands may overtake each other: each field as of the later one that changed it. */
function latest(known: ListedPost | undefined, post: Post): Post {
  if (!known || (post.revision >= known.revision && post.last_message_seq >= known.last_message_seq)) return post;
  if (post.revision <= known.revision && post.last_message_seq <= known.last_message_seq) return known;
  const { active_at, last_message_seq, excerpt, author } =
    post.last_message_seq > known.last_message_seq ? post : known;
  const changedByCommand = post.revision > known.revision ? post : known;
  return { ...changedByCommand, active_at, last_message_seq, excerpt, author };
}

function without(list: ForumList, postId: number): ForumList {
  const isOther = ({ id }: ListedPost) => id !== postId;
  return { ...list, pinned: list.pinned.filter(isOther), posts: list.posts.filter(isOther) };
}

function matches({ tags }: ForumList, post: ListedPost): boolean {
  return tags.length === 0 || tags.some((tag) => post.tags?.includes(tag));
}

/** Whether the post comes after the last one that is loaded. */
function isBehind({ order, cursor }: ForumList, { id, active_at }: ListedPost): boolean {
  if (cursor === null) return false;
  const [lastAt = 0, lastId = 0] = cursor.split("-").map(Number);
  if (order === "newest") return id < lastId;
  const at = Date.parse(active_at);
  return at < lastAt || (at === lastAt && id < lastId);
}

/** As the server orders them. */
function before(order: PostOrder) {
  return (one: ListedPost, other: ListedPost) =>
    (order === "activity" ? Date.parse(other.active_at) - Date.parse(one.active_at) : 0) || other.id - one.id;
}

function byPin(one: ListedPost, other: ListedPost): number {
  return Date.parse(other.pinned_at ?? "") - Date.parse(one.pinned_at ?? "");
}

/** Tags that the forum has no more are taken off its posts without an event for each. */
function withTagsOf(state: ClientState, forumId: number): ClientState {
  const tags = new Set(state.channels[forumId]?.forum?.tags.map(({ id }) => id));
  const left = (post: ListedPost) => ({ ...post, tags: post.tags?.filter((id) => tags.has(id)) });
  return changed(state, forumId, (list) => {
    const keep = (posts: readonly ListedPost[]) => posts.map(left).filter((post) => matches(list, post));
    return { ...list, pinned: keep(list.pinned), posts: keep(list.posts) };
  });
}

function mapPosts(state: ClientState, postId: number, change: (post: ListedPost) => ListedPost): ClientState {
  return mapAll(state, (post) => (post.id === postId ? change(post) : post));
}

function mapAll(state: ClientState, change: (post: ListedPost) => ListedPost): ClientState {
  const entries = Object.entries(state.forums);
  if (entries.length === 0) return state;
  const forums = entries.map(([id, list]) => [
    id,
    { ...list, pinned: list.pinned.map(change), posts: list.posts.map(change) },
  ]);
  return { ...state, forums: Object.fromEntries(forums) as ClientState["forums"] };
}
