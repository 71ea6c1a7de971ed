import type { AttachedKind, SearchResult, SearchSort } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** What to search for. Words and phrases as typed; times as ISO 8601. */
export interface SearchRequest {
  q?: string;
  server_id?: number;
  channel_id?: number;
  author_id?: number;
  /** Id of a user who is mentioned. */
  mentions?: number;
  /** The messages have all of these. */
  has?: readonly AttachedKind[];
  /** Only pinned messages. */
  pinned?: "true";
  before?: string;
  after?: string;
  sort?: SearchSort;
  limit?: number;
  cursor?: string;
}

/** Search, apart from `Rest` so that only its part of the screen loads it. */
export function searchCalls({ call }: Pick<Rest, "call">) {
  return {
    /**
     * One page of the messages that match and that the user may see; `cursor` of the answer asks for the next one. Rejects
     * with `ApiError`, or with the reason of an aborted `signal`.
     */
    search: ({ has = [], ...request }: SearchRequest, { signal }: { signal?: AbortSignal } = {}) =>
      call<SearchResult>("GET", "/api/search", {
        query: { ...request, ...(has.length > 0 && { has: has.join(",") }) },
        ...(signal && { signal }),
      }),
  };
}
