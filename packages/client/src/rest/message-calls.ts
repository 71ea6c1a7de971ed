import type {
  Drafts,
  Draft,
  EarlierTexts,
  ForwardBody,
  ForwardSource,
  Message,
  MessageAt,
  SavedBody,
  SavedMessage,
  SavedMessages,
  ScheduledBody,
  ScheduledMessage,
  ScheduledPatch,
} from "@miscord/protocol";
import type { Rest } from "./rest.ts";

type Calls = Pick<Rest, "call">;

/** What is done with single messages now and then, apart from `Rest` so that only their screens load it. */
export function messageToolCalls({ call }: Calls) {
  return {
    forward: (messageId: number, body: ForwardBody) =>
      call<Message>("POST", `/api/messages/${messageId}/forward`, { body }),
    /** Where a forwarded message came from, for those who see that. */
    source: (messageId: number) => call<ForwardSource>("GET", `/api/messages/${messageId}/forward`),
    /** The message, and what follows it, is unread again on all of the user's devices. */
    markUnread: (messageId: number) => call<void>("POST", `/api/messages/${messageId}/unread`),
    /** For the author and those who manage messages. */
    earlierTexts: (messageId: number) => call<EarlierTexts>("GET", `/api/messages/${messageId}/earlier-texts`),
    /** The first message sent then or later, or else the last one. */
    messageAt: (channelId: number, time: Date) =>
      call<MessageAt>("GET", `/api/channels/${channelId}/message-at`, { query: { time: time.toISOString() } }),
  };
}

/** Messages that are sent later. */
export function scheduledCalls({ call }: Calls) {
  return {
    list: async () => (await call<{ messages: ScheduledMessage[] }>("GET", "/api/me/scheduled")).messages,
    schedule: (channelId: number, body: ScheduledBody) =>
      call<ScheduledMessage>("POST", `/api/channels/${channelId}/scheduled`, { body }),
    change: (id: number, body: ScheduledPatch) => call<ScheduledMessage>("PATCH", `/api/me/scheduled/${id}`, { body }),
    cancel: (id: number) => call<void>("DELETE", `/api/me/scheduled/${id}`),
  };
}

export function draftCalls({ call }: Calls) {
  return {
    list: async () => (await call<Drafts>("GET", "/api/me/drafts")).drafts,
    save: (channelId: number, text: string) => call<Draft>("PUT", `/api/me/drafts/${channelId}`, { body: { text } }),
  };
}

/** Messages to come back to. */
export function savedCalls({ call }: Calls) {
  return {
    list: (query: { before?: number; due?: "true" } = {}) => call<SavedMessages>("GET", "/api/me/saved", { query }),
    /** Also again, for another reminder. */
    save: (messageId: number, body: SavedBody = {}) =>
      call<SavedMessage>("PUT", `/api/me/saved/${messageId}`, { body }),
    remove: (messageId: number) => call<void>("DELETE", `/api/me/saved/${messageId}`),
  };
}
