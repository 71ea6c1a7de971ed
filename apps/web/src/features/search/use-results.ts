import { searchCalls, type MiscordClient } from "@miscord/client";
import type { SearchHit } from "@miscord/protocol";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/shallow";
import { useClient } from "../../core/client.ts";
import { type SearchRequestKey, requestFor } from "./request-key.ts";

export interface Results {
  readonly status: "loading" | "ready" | "failed";
  readonly error: unknown;
  readonly hits: readonly SearchHit[];
  /** Channels of hits that were in the state when the hits came. */
  readonly known: ReadonlySet<number>;
  readonly cursor: string | null;
  readonly indexing: boolean;
  readonly corrected: string | null;
  readonly isLoadingMore: boolean;
}

const loading: Results = {
  status: "loading",
  error: null,
  hits: [],
  known: new Set(),
  cursor: null,
  indexing: false,
  corrected: null,
  isLoadingMore: false,
};

/**
 * The results of a request, for a component that is keyed by it, page by page. A message that is deleted meanwhile leaves
 * them, and so do all of channels that the user does not see any more.
 */
export function useResults(key: SearchRequestKey): { results: Results; more: () => void; again: () => void } {
  const client = useClient();
  const [results, setResults] = useState(loading);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    searchCalls(client.rest)
      .search(requestFor(key), { signal: abort.signal })
      .then(
        (found) =>
          !abort.signal.aborted &&
          setResults({ ...loading, ...found, known: knownOf(client, found.hits), status: "ready" }),
        (error: unknown) => !abort.signal.aborted && setResults({ ...loading, status: "failed", error }),
      );
    return () => abort.abort();
  }, [client, key, attempt]);
  useEffect(
    () =>
      client.on("event", (event) => {
        if (event.type !== "message_deleted") return;
        const isLeft = ({ message }: SearchHit) => event.data.message_id !== message.id;
        setResults((now) => ({ ...now, hits: now.hits.filter(isLeft) }));
      }),
    [client],
  );
  const { cursor } = results;
  const more = useCallback(() => {
    if (cursor === null) return;
    setResults((now) => ({ ...now, isLoadingMore: true, error: null }));
    searchCalls(client.rest)
      .search({ ...requestFor(key), cursor })
      .then(
        (found) =>
          setResults((now) => {
            if (now.cursor !== cursor) return now;
            const known = now.known.union(knownOf(client, found.hits));
            const hits = [...now.hits, ...found.hits];
            return { ...now, ...found, corrected: now.corrected, hits, known, isLoadingMore: false };
          }),
        (error: unknown) =>
          setResults((now) => (now.cursor === cursor ? { ...now, error, isLoadingMore: false } : now)),
      );
  }, [client, key, cursor]);
  const again = () => {
    setResults(loading);
    setAttempt(attempt + 1);
  };
  return { results: useVisible(results), more, again };
}

/** Without the hits of servers and channels that are gone. Threads that the user does not follow are not in the state. */
function useVisible(results: Results): Results {
  const [channels, servers] = useStore(
    useClient().store,
    useShallow((state) => [state.channels, state.servers] as const),
  );
  return useMemo(() => {
    const isThere = ({ server_id: serverId, channel_id: id }: SearchHit) =>
      (serverId === null || serverId in servers) && (id in channels || !results.known.has(id));
    return { ...results, hits: results.hits.filter(isThere) };
  }, [results, channels, servers]);
}

/** The channels of these hits that are in the state. */
function knownOf(client: MiscordClient, hits: readonly SearchHit[]): Set<number> {
  const { channels } = client.store.getState();
  return new Set(hits.map((hit) => hit.channel_id).filter((id) => id in channels));
}
