import { SearchX, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useDescribeError } from "../../core/describe-error.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import type { SearchPlace } from "./chip.ts";
import { requestOf } from "./search-request.ts";
import { Hit } from "./hit.tsx";
import { HitSkeleton } from "./hit-skeleton.tsx";
import { keyOf } from "./request-key.ts";
import { closeSearch, fieldId, setSort, useSearch } from "./search-store.ts";
import { type Results as Found, useResults } from "./use-results.ts";

/** The header with the order, and the hits of what was searched for. */
export function Results({ place, onLeave }: { place: SearchPlace; onLeave: () => void }) {
  const submitted = useSearch((search) => search.submitted);
  const sort = useSearch((search) => search.sort);
  const key = submitted && keyOf({ ...requestOf(submitted.text, submitted.chips, place), sort });
  return (
    <>
      <Header />
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {key === null ? <Hints /> : <Loaded key={key} requestKey={key} onLeave={onLeave} />}
      </div>
    </>
  );
}

function Header() {
  const { t } = useTranslation("search");
  const sort = useSearch((search) => search.sort);
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line pr-2 pl-4">
      <h2 className="flex-1 font-semibold">{t("results")}</h2>
      <div role="group" aria-label={t("order")} className="flex">
        {(["newest", "relevance"] as const).map((one) => (
          <Button
            key={one}
            size="sm"
            variant={sort === one ? "secondary" : "ghost"}
            aria-pressed={sort === one}
            onClick={() => setSort(one)}
          >
            {t(`sort.${one}`)}
          </Button>
        ))}
      </div>
      <IconButton size="sm" label={t("close")} icon={<X size={17} />} tooltipSide="bottom" onClick={closeSearch} />
    </header>
  );
}

function Hints() {
  const { t } = useTranslation("search");
  return (
    <div className="p-4 text-sm text-muted">
      <p>{t("help.words")}</p>
      <p className="mt-2">{t("help.phrase")}</p>
      <p className="mt-2">{t("help.filters")}</p>
    </div>
  );
}

function Loaded({ requestKey, onLeave }: { requestKey: string; onLeave: () => void }) {
  const { t } = useTranslation("search");
  const describe = useDescribeError();
  const { results, more, again } = useResults(requestKey);
  if (results.status === "loading") return <HitSkeleton />;
  if (results.status === "failed") {
    return (
      <div className="p-3">
        <AlertBanner
          tone="danger"
          action={
            <Button size="sm" onClick={again}>
              {t("again")}
            </Button>
          }
        >
          {describe(results.error)}
        </AlertBanner>
      </div>
    );
  }
  const isNothing = results.hits.length === 0 && results.cursor === null;
  return (
    <>
      <Notes results={results} />
      {isNothing && (
        <EmptyState icon={<SearchX size={26} aria-hidden />} title={t("nothing")} description={t("nothingHint")} />
      )}
      <ul aria-label={t("results")} className="flex flex-col gap-2 p-2">
        {results.hits.map((hit) => (
          <Hit key={hit.message.id} hit={hit} onLeave={onLeave} onKeyDown={moveFocus} />
        ))}
      </ul>
      {results.cursor !== null && (
        <div className="flex flex-col items-center gap-2 px-3 pb-4">
          {results.error !== null && <p className="text-sm text-danger-ink">{describe(results.error)}</p>}
          <Button size="sm" busy={results.isLoadingMore} onClick={more}>
            {t(results.hits.length === 0 ? "further" : "more")}
          </Button>
        </div>
      )}
    </>
  );
}

function Notes({ results: { hits, cursor, corrected, indexing } }: { results: Found }) {
  const { t } = useTranslation("search");
  return (
    <div role="status" className="px-4 pt-3 text-xs text-muted empty:hidden">
      {corrected !== null && <p>{t("corrected", { query: corrected })}</p>}
      {indexing && <p>{t("indexing")}</p>}
      {hits.length > 0 && <p>{t(cursor === null ? "count" : "countOrMore", { count: hits.length })}</p>}
    </div>
  );
}

/** Arrow keys go from hit to hit, and from the first back to the field. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const hits = [...document.querySelectorAll<HTMLElement>("[data-search-hit]")];
  const next = hits.indexOf(event.currentTarget) + step;
  event.preventDefault();
  (next < 0 ? document.getElementById(fieldId) : hits[next])?.focus();
}
