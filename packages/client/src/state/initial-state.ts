import type { ClientState, Mode, Timeline } from "./types.ts";

export function initialState(mode: Mode): ClientState {
  return {
    instance: null,
    session: { status: "unknown", me: null },
    connection: {
      mode,
      status: "idle",
      sessionId: null,
      attempt: 0,
      retryAt: null,
      serverVersion: null,
      node: null,
      lastClose: null,
      ready: false,
    },
    ...emptyAccount(),
  };
}

/** The part of the state that belongs to one user; reset at logout. */
export function emptyAccount() {
  return {
    announcement: null,
    serverIds: [],
    servers: {},
    channels: {},
    dms: {},
    threads: {},
    relationships: {},
    countedAt: {},
    members: {},
    memberLists: {},
    presence: {},
    customStatuses: {},
    timelines: {},
    forums: {},
    typing: {},
    voice: {},
    inbox: { notifications: [], unread: 0, hasMore: false, loaded: false, reminders: [], removals: [] },
    votes: {},
  } satisfies Partial<ClientState>;
}

export function emptyTimeline(): Timeline {
  return {
    status: "loading",
    messages: [],
    seq: 0,
    hasOlder: false,
    hasNewer: false,
    loadingOlder: false,
    loadingNewer: false,
    pins: null,
    outbox: [],
  };
}
