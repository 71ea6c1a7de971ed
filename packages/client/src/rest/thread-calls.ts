import type { PostBody, PostOrder, Posts, ThreadBody, ThreadPatch, Threads, ThreadState } from "@miscord/protocol";
import type { AuthorizedHttp } from "./authorized-http.ts";

/** Threads of a channel, whose messages take the calls of every channel. */
export function threadCalls(http: AuthorizedHttp) {
  return {
    createThread: (channelId: number, body: ThreadBody) =>
      http.request<ThreadState>("POST", `/api/channels/${channelId}/threads`, { body }),
    /** The latest activity first. */
    listThreads: (channelId: number, { archived = false, ...query }: { archived?: boolean; cursor?: string } = {}) =>
      http.request<Threads>("GET", `/api/channels/${channelId}/threads`, {
        query: { ...query, archived: String(archived) },
      }),
    createPost: (forumId: number, body: PostBody) =>
      http.request<ThreadState>("POST", `/api/channels/${forumId}/posts`, { body }),
    listPosts: (forumId: number, query: { order?: PostOrder; tags?: string; cursor?: string; limit?: string } = {}) =>
      http.request<Posts>("GET", `/api/channels/${forumId}/posts`, { query }),
    getThread: (threadId: number) => http.request<ThreadState>("GET", `/api/channels/${threadId}`),
    updateThread: (threadId: number, body: ThreadPatch) =>
      http.request<ThreadState>("PATCH", `/api/channels/${threadId}`, { body }),
    followThread: (threadId: number) => http.request<void>("PUT", `/api/channels/${threadId}/follow`),
    unfollowThread: (threadId: number) => http.request<void>("DELETE", `/api/channels/${threadId}/follow`),
  };
}
