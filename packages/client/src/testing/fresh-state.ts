import type {
  CustomStatus,
  DmState,
  Inbox,
  Instance,
  Me,
  Message,
  OwnVote,
  ServerState,
  Status,
  VoiceState,
} from "@miscord/protocol";
import type { MiscordClient } from "../client.ts";
import type { Rest } from "../rest/rest.ts";
import { entryOf } from "../state/reduce-members.ts";
import type { ClientState, DmEntry, ForumList, Timeline } from "../state/types.ts";

/** The parts of the state that can be fetched, in a shape that can be compared. */
export interface Comparable {
  /** The user's own account and profile. */
  me: unknown;
  /** Emoji and stickers of the instance. */
  expressions: unknown;
  servers: unknown;
  dms: unknown;
  relationships: unknown;
  members: unknown;
  lists: unknown;
  inbox: unknown;
  timelines: unknown;
  forums: unknown;
  votes: unknown;
}

/** Earlier SDKs, and clients in legacy mode, know no private channels. */
function knowsPrivate(state: ClientState): boolean {
  return "dms" in state && state.connection.mode !== "legacy";
}

/** Earlier SDKs know no calls in private channels. */
function knowsCalls(dm: DmEntry | undefined): boolean {
  return dm === undefined || "rings" in dm;
}

/** Earlier SDKs know no switch for the encryption of calls. */
function knowsEncryption(dm: DmEntry | undefined): boolean {
  return dm === undefined || "calls_encrypted" in dm;
}

/** Earlier SDKs, and clients in legacy mode, know no profiles. */
function knowsProfiles(state: ClientState): boolean {
  return "customStatuses" in state && state.connection.mode !== "legacy";
}

/** Administrators are made on the command line, which tells no client. */
function ownOf(me: Me | null): unknown {
  return me && { ...me, is_admin: null };
}

function expressionsOf({ emojis = [], stickers = [] }: Instance) {
  return { emojis, stickers };
}

function inCall(states: readonly VoiceState[]): unknown {
  return Object.fromEntries(states.map(({ user, is_muted, is_sharing }) => [user.id, { is_muted, is_sharing }]));
}

/** The client's present state. */
export function presentState(state: ClientState): Comparable {
  return {
    me: knowsProfiles(state) ? ownOf(state.session.me) : null,
    expressions: knowsProfiles(state) && state.instance ? expressionsOf(state.instance) : null,
    servers: state.serverIds.map((serverId) => {
      const { channelIds, ...server } = state.servers[serverId]!;
      const threads = threadsOf(state, serverId);
      return { ...server, channels: channelIds.map((channelId) => state.channels[channelId]), threads };
    }),
    dms: mapRecord(knowsPrivate(state) ? state.dms : {}, (dm, id) => ({
      ...dm,
      ...unreadOf(state.channels[id]),
      recipients: dm.recipients.map((user) => ({ ...user, ...seenOf(state, user.id) })),
      ...(knowsCalls(dm) && { call: inCall(state.voice[id] ?? []) }),
    })),
    relationships: mapRecord(knowsPrivate(state) ? state.relationships : {}, ({ kind, user }) => ({
      kind,
      username: user.username,
    })),
    members: mapRecord(state.members, (members, serverId) =>
      mapRecord(members, (member) => ({ ...member, ...seenIn(state, serverId, member.id) })),
    ),
    lists: mapRecord(listsOf(state), ({ groups, pages }) => ({ groups, pages })),
    inbox: {
      unread: state.inbox.unread,
      notifications: state.inbox.notifications.map(stable),
      setting: state.inbox.setting,
      reminders: state.inbox.reminders ?? [],
    },
    timelines: mapRecord(followed(state), ({ messages, seq, outbox, pins }) => ({ messages, seq, outbox, pins })),
    forums: mapRecord(forumsOf(state), ({ pinned, posts }) => ({ pinned, posts })),
    votes: shownVotes(state),
  };
}

/** Those that the user follows, by id. Earlier SDKs, and clients in legacy mode, know none. */
function threadsOf(state: ClientState, serverId: number): unknown {
  if (!knowsThreads(state)) return undefined;
  const ids = Object.keys(state.threads).map(Number);
  const threads = ids.flatMap((id) => {
    const [thread, channel] = [state.threads[id]!, state.channels[id]!];
    const { server_id, type, name, notifications } = channel;
    const isListed = thread.is_following && !thread.archived && server_id === serverId;
    return isListed
      ? [[id, { ...thread, id, server_id, type, name, notifications, ...unreadOf(channel) }] as const]
      : [];
  });
  return Object.fromEntries(threads);
}

function knowsThreads(state: ClientState): boolean {
  return "threads" in state && state.connection.mode !== "legacy";
}

/** The same, freshly fetched. */
export async function freshState(client: MiscordClient): Promise<Comparable> {
  const { rest, store } = client;
  const state = store.getState();
  const [me, instance, servers, inbox, { dms, relationships }] = await Promise.all([
    knowsProfiles(state) ? rest.me() : null,
    knowsProfiles(state) && state.instance ? rest.call<Instance>("GET", "/api/instance") : null,
    rest.listServers(),
    rest.listNotifications(),
    knowsPrivate(state) ? rest.listPrivate() : { dms: [], relationships: [] },
  ]);
  return {
    me: ownOf(me),
    expressions: instance && expressionsOf(instance),
    servers: servers.map((server) => inOrder(server, knowsThreads(state))),
    dms: Object.fromEntries(
      dms.map((dm) => {
        const { recipients, name, owner_id, icon_url, last_message_at, is_request: isRequest = false, rings = [] } = dm;
        const call = knowsCalls(state.dms[dm.id]) && { rings, call: inCall(dm.voice_states ?? []) };
        const encryption = knowsEncryption(state.dms[dm.id]) && { calls_encrypted: dm.calls_encrypted };
        return [
          dm.id,
          {
            recipients: recipients.map((one) => told(state, one)),
            name,
            owner_id,
            icon_url,
            last_message_at,
            ...encryption,
            isRequest,
            ...unreadOf(dm),
            ...call,
          },
        ];
      }),
    ),
    relationships: Object.fromEntries(
      relationships.map(({ user, kind }) => [user.id, { kind, username: user.username }]),
    ),
    members: await mapAsync(state.members, async (known, serverId) => {
      const members = (await rest.listMembers(serverId)).filter(({ id }) => !knowsLists(state) || known[id]);
      const seen = members.map((one) => ({
        ...(isInSight(state, serverId, one.id) ? told(state, one) : { status: null }),
        // With the nickname as display name.
        ...(knowsLists(state) && entryOf(one)),
      }));
      return Object.fromEntries(seen.map((one) => [one.id, one]));
    }),
    lists: await mapAsync(listsOf(state), async ({ wanted }, serverId) => freshLists(rest, serverId, wanted)),
    inbox: {
      unread: inbox.unread,
      notifications: loadedPart(inbox, state),
      setting: state.inbox.setting && inbox.setting,
      reminders: state.inbox.reminders ? (inbox.reminders ?? []) : [],
    },
    timelines: await mapAsync(followed(state), (timeline, channelId) => freshTimeline(rest, channelId, timeline)),
    forums: await mapAsync(forumsOf(state), (list, forumId) => freshPosts(rest, forumId, list)),
    votes: await mapAsync(shownVotes(state), (_own, messageId) =>
      rest.call<OwnVote>("GET", `/api/messages/${messageId}/vote`),
    ),
  };
}

async function freshTimeline(rest: Rest, channelId: number, timeline: Timeline) {
  const first = timeline.hasOlder ? (timeline.messages[0]?.seq ?? 0) : 0;
  const last = timeline.hasNewer ? (timeline.messages.at(-1)?.seq ?? 0) : Number.MAX_SAFE_INTEGER;
  const pins = timeline.pins && (await rest.listPins(channelId)).messages;
  let page = await rest.listMessages(channelId, { limit: 100 });
  const { seq } = page;
  let messages: readonly Message[] = page.messages;
  while (page.has_more && messages[0] && messages[0].seq > first) {
    page = await rest.listMessages(channelId, { limit: 100, before: messages[0].id });
    messages = [...page.messages, ...messages];
  }
  return { messages: messages.filter((message) => message.seq >= first && message.seq <= last), seq, outbox: [], pins };
}

/** Lists that are loaded. Earlier SDKs know none. */
function forumsOf(state: ClientState): ClientState["forums"] {
  const open = Object.entries(state.forums ?? {}).filter(([, { status }]) => status === "ready");
  return Object.fromEntries(open);
}

/** As many as the list has. */
async function freshPosts(rest: Rest, forumId: number, { order, tags, posts: shown, cursor: end }: ForumList) {
  const filter = tags.length > 0 ? { tags: tags.join() } : {};
  let { pinned, posts, cursor } = await rest.listPosts(forumId, { order, ...filter, limit: "100" });
  while (cursor !== null && posts.length < shown.length) {
    const page = await rest.listPosts(forumId, { order, ...filter, limit: "100", cursor });
    posts = [...posts, ...page.posts];
    ({ cursor } = page);
  }
  return { pinned, posts: end === null ? posts : posts.slice(0, shown.length) };
}

/** Votes in polls of loaded timelines. Earlier SDKs know none. */
function shownVotes(state: ClientState): ClientState["votes"] {
  const shown = Object.values(followed(state)).flatMap(({ messages }) => messages.map(({ id }) => id));
  return Object.fromEntries(shown.flatMap((id) => (state.votes?.[id] ? [[id, state.votes[id]]] : [])));
}

type Unread = Pick<DmState, "last_message_seq" | "read_seq" | "read_generation" | "mention_count">;

function unreadOf(channel: Unread | undefined): Partial<Unread> {
  if (!channel) return {};
  const { last_message_seq, read_seq, read_generation, mention_count } = channel;
  return { last_message_seq, read_seq, mention_count, ...(read_generation !== undefined && { read_generation }) };
}

/** Loaded timelines; the others are not compared. */
function followed(state: ClientState): Record<number, Timeline> {
  return Object.fromEntries(Object.entries(state.timelines).filter(([, { status }]) => status === "ready"));
}

function inOrder({ voice_states: _voice, threads = [], ...server }: ServerState, withThreads: boolean) {
  return {
    ...server,
    threads: withThreads ? Object.fromEntries(threads.map((one) => [one.id, one])) : undefined,
    channels: server.channels
      .filter(({ type }) => withThreads || type !== "forum")
      .toSorted((a, b) => a.position - b.position || a.id - b.id),
  };
}

/** Earlier SDKs load all members, and receive the status of all. */
function knowsLists(state: ClientState): boolean {
  return "memberLists" in state;
}

function listsOf(state: ClientState): ClientState["memberLists"] {
  return knowsLists(state) ? state.memberLists : {};
}

function isInSight(state: ClientState, serverId: number, userId: number): boolean {
  const pages = state.memberLists?.[serverId]?.pages ?? {};
  return !knowsLists(state) || Object.values(pages).some((ids) => ids.includes(userId));
}

function seenIn(state: ClientState, serverId: number, userId: number) {
  return isInSight(state, serverId, userId) ? seenOf(state, userId) : { status: null };
}

function seenOf(state: ClientState, userId: number) {
  const custom = state.customStatuses?.[userId];
  return { status: state.presence[userId] ?? "offline", ...(custom && { custom_status: custom }) };
}

/** Earlier SDKs know no custom statuses. */
function told<Person extends { status?: Status | undefined; custom_status?: CustomStatus | undefined }>(
  state: ClientState,
  person: Person,
) {
  const { custom_status: custom, ...others } = person;
  return state.customStatuses && custom ? person : others;
}

async function freshLists(rest: Rest, serverId: number, wanted: readonly number[]) {
  const lists = await Promise.all(wanted.map(async (page) => (await rest.memberPage(serverId, page)).list));
  const pages = Object.fromEntries(lists.map(({ page, rows }) => [page, rows.map(({ id }) => id)]));
  return { groups: lists[0]?.groups ?? [], pages };
}

function loadedPart(inbox: Inbox, state: ClientState): unknown[] {
  const oldest = state.inbox.notifications.at(-1)?.id ?? Number.MAX_SAFE_INTEGER;
  return inbox.notifications.filter(({ id }) => !state.inbox.hasMore || id >= oldest).map(stable);
}

/** The excerpt and the names stay as they were when the notification was loaded: no event carries their changes. */
function stable({ id, kind, is_read, message_id }: Inbox["notifications"][number]) {
  return { id, kind, is_read, message_id };
}

function mapRecord<T, R>(record: Readonly<Record<number, T>>, change: (value: T, key: number) => R): Record<number, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, Number(key))]));
}

async function mapAsync<T, R>(
  record: Readonly<Record<number, T>>,
  change: (value: T, key: number) => Promise<R>,
): Promise<Record<number, R>> {
  const entries = Object.entries(record).map(async ([key, value]) => [key, await change(value, Number(key))] as const);
  return Object.fromEntries(await Promise.all(entries));
}
