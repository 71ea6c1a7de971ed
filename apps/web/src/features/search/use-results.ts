import type { SearchHit } from "@miscord/protocol";
import { useCallback, useEffect, useState } from "react";
import { useClient } from "../../core/client.ts";
import { type SearchRequestKey, requestFor } from "./request-key.ts";

export interface Results {
  readonly status: "loading" | "ready" | "failed";
  readonly error: unknown;
  readonly hits: readonly SearchHit[];
  readonly cursor: string | null;
  readonly indexing: boolean;
  readonly corrected: string | null;
  readonly isLoadingMore: boolean;
}

const loading: Results = {
  status: "loading",
  error: null,
  hits: [],
  cursor: null,
  indexing: false,
  corrected: null,
  isLoadingMore: false,
};

/** The results of a request, page by page. A message that is deleted meanwhile, or a channel that is hidden, leaves them. */
export function useResults(key: SearchRequestKey): { results: Results; more: () => void; again: () => void } {
  const client = useClient();
  const [results, setResults] = useState(loading);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setResults(loading);
    client.search(requestFor(key), { signal: abort.signal }).then(
      (found) => !abort.signal.aborted && setResults({ ...loading, ...found, status: "ready" }),
      (error: unknown) => !abort.signal.aborted && setResults({ ...loading, status: "failed", error }),
    );
    return () => abort.abort();
  }, [client, key, attempt]);
  useEffect(
    () =>
      client.on("event", (event) => {
        const isGone = ({ message, channel_id: id }: SearchHit) =>
          (event.type === "message_deleted" && event.data.message_id === message.id) ||
          (event.type === "channel_removed" && event.channel_id === id);
        if (event.type !== "message_deleted" && event.type !== "channel_removed") return;
        setResults((now) => ({ ...now, hits: now.hits.filter((hit) => !isGone(hit)) }));
      }),
    [client],
  );
  const { cursor } = results;
  const more = useCallback(() => {
    if (cursor === null) return;
    setResults((now) => ({ ...now, isLoadingMore: true, error: null }));
    client.search({ ...requestFor(key), cursor }).then(
      (found) =>
        setResults((now) =>
          now.cursor === cursor
            ? { ...now, ...found, corrected: now.corrected, hits: [...now.hits, ...found.hits], isLoadingMore: false }
            : now,
        ),
      (error: unknown) => setResults((now) => (now.cursor === cursor ? { ...now, error, isLoadingMore: false } : now)),
    );
  }, [client, key, cursor]);
  return { results, more, again: () => setAttempt(attempt + 1) };
}
