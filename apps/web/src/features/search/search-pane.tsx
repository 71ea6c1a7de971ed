import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { Drawer } from "../../layout/drawer.tsx";
import { usePanes } from "../../layout/panes.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useNarrow } from "../../ui/use-media-query.ts";
import type { SearchPlace } from "./chip.ts";
import { HitSkeleton } from "./hit-skeleton.tsx";
import { closeSearch, hideSearch, useSearch } from "./search-store.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const SearchField = lazyWithTexts(async () => (await import("./search-field.tsx")).SearchField);
const Results = lazyWithTexts(async () => (await import("./results.tsx")).Results);

/** The results of a search, in place of what is beside the conversation (`fallback`), or over it on narrow screens. */
export function SearchPane({ place, fallback = null }: { place: SearchPlace; fallback?: ReactNode }) {
  const { t } = useTranslation("search");
  const isNarrow = useNarrow();
  const isOpen = useSearch((search) => search.isOpen);
  const page = place.serverId ?? `private ${place.channelId}`;
  useEffect(() => closeSearch, [page]);
  // Whoever asks for the member list wants to see it.
  useEffect(
    () => usePanes.subscribe((now, before) => void (now.membersShown !== before.membersShown && hideSearch())),
    [],
  );
  const results = (
    <LazyPart loading={<HitSkeleton />}>
      <Results place={place} onLeave={isNarrow ? hideSearch : () => {}} />
    </LazyPart>
  );
  if (!isNarrow && !isOpen) return fallback;
  if (!isNarrow) {
    return (
      <aside aria-label={t("results")} className="flex w-88 shrink-0 flex-col border-l border-line bg-sunken">
        {results}
      </aside>
    );
  }
  return (
    <>
      {fallback}
      <Drawer open={isOpen} onOpenChange={(open) => !open && hideSearch()} label={t("results")} side="right">
        <div className="flex min-w-0 flex-1 flex-col">
          <LazyPart loading={<Skeleton className="m-2 h-8" />}>
            <SearchField place={place} className="m-2" takesFocus />
          </LazyPart>
          {results}
        </div>
      </Drawer>
    </>
  );
}
