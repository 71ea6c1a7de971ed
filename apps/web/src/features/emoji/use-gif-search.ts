import { gifCalls } from "@miscord/client";
import type { FoundGif } from "@miscord/protocol";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";

/** A page that is wanted: of which query, and which one, from the answer before. `attempt` asks for it again. */
interface Wanted {
  query: string;
  next: string | null;
  attempt: number;
}

interface Found {
  /** What was asked for last; null: nothing yet. */
  of: Wanted | null;
  gifs: readonly FoundGif[];
  next: string | null;
  hasFailed: boolean;
}

const nothing: Found = { of: null, gifs: [], next: null, hasFailed: false };
/** Typing on goes before searching. */
const pauseMs = 350;

/** What the service has for the query, or what is popular. */
export function useGifSearch(typed: string) {
  const { i18n } = useTranslation();
  const { rest } = useClient();
  const query = typed.trim();
  const [wanted, setWanted] = useState<Wanted>({ query, next: null, attempt: 0 });
  const [found, setFound] = useState(nothing);
  const locale = i18n.language === "ru" ? "ru" : "en";
  // Another query begins with its first page.
  if (wanted.query !== query) setWanted({ query, next: null, attempt: 0 });

  useEffect(() => {
    let isCurrent = true;
    const { next } = wanted;
    const ask = async () => {
      try {
        const page = await gifCalls(rest).search({ query: wanted.query, locale, ...(next !== null && { next }) });
        if (isCurrent)
          setFound((before) => ({ ...page, of: wanted, hasFailed: false, gifs: together(before, page.gifs, next) }));
      } catch {
        if (isCurrent) setFound((before) => ({ ...(next === null ? nothing : before), of: wanted, hasFailed: true }));
      }
    };
    const timer = setTimeout(() => void ask(), wanted.query !== "" && next === null ? pauseMs : 0);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [rest, locale, wanted]);

  const isAnswered = found.of === wanted;
  const isOfQuery = found.of?.query === query;
  const status = isAnswered ? (found.hasFailed ? "failed" : "ready") : "loading";
  const { next } = found;
  return {
    status,
    gifs: isOfQuery ? found.gifs : [],
    more: status === "ready" && next !== null ? () => setWanted({ query, next, attempt: 0 }) : null,
    retry: () => setWanted((before) => ({ ...before, attempt: before.attempt + 1 })),
  } as const;
}

/** The same GIF may be on two pages. */
function together({ gifs }: Found, more: readonly FoundGif[], next: string | null): readonly FoundGif[] {
  if (next === null) return more;
  const known = new Set(gifs.map(({ source }) => source));
  return [...gifs, ...more.filter(({ source }) => !known.has(source))];
}
