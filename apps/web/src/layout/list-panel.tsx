import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Loaded } from "../core/use-loaded.ts";
import { useDescribeError } from "../core/describe-error.ts";
import { AlertBanner } from "../ui/alert-banner.tsx";
import { Button } from "../ui/button.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

export interface ListPanelProps<Item> {
  title: string;
  loaded: Loaded<readonly Item[]>;
  /** Text of an empty list. */
  empty: string;
  /** Shown between the title and the list. */
  toolbar?: ReactNode;
  onRetry: () => void;
  keyOf: (item: Item) => string | number;
  renderItem: (item: Item) => ReactNode;
}

/** A list in a settings dialog, with its loading, empty and failed states. */
export function ListPanel<Item>({ title, loaded, empty, toolbar, onRetry, keyOf, renderItem }: ListPanelProps<Item>) {
  const { t } = useTranslation("common");
  const describe = useDescribeError();
  return (
    <section>
      <h3 className="mb-2 text-lg font-semibold">{title}</h3>
      {toolbar}
      {loaded.status === "loading" && (
        <div role="status" aria-label={t("loading")} className="flex flex-col gap-3 py-2">
          {[0, 1, 2].map((row) => (
            <Skeleton key={row} className="h-10 rounded-md" />
          ))}
        </div>
      )}
      {loaded.status === "failed" && (
        <AlertBanner
          tone="danger"
          action={
            <Button size="sm" onClick={onRetry}>
              {t("retry")}
            </Button>
          }
        >
          {describe(loaded.error)}
        </AlertBanner>
      )}
      {loaded.status === "ready" && loaded.value.length === 0 && <p className="py-2 text-sm text-faint">{empty}</p>}
      {loaded.status === "ready" && loaded.value.length > 0 && (
        <ul className="divide-y divide-line">
          {loaded.value.map((item) => (
            <li key={keyOf(item)} className="flex min-h-14 items-center gap-3 py-2">
              {renderItem(item)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
