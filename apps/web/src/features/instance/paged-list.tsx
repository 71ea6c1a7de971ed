import { useTranslation } from "react-i18next";
import { ListPanel, type ListPanelProps } from "../../layout/list-panel.tsx";
import { Button } from "../../ui/button.tsx";
import type { Pages } from "./use-pages.ts";

type PagedListProps<Item> = Omit<ListPanelProps<Item>, "loaded" | "onRetry"> & { pages: Pages<Item> };

export function PagedList<Item>({ pages, ...list }: PagedListProps<Item>) {
  const { t } = useTranslation("instance");
  const { loaded, reload, hasMore, isLoadingMore, loadMore } = pages;
  return (
    <>
      <ListPanel {...list} loaded={loaded} onRetry={reload} />
      {hasMore && (
        <Button size="sm" busy={isLoadingMore} onClick={loadMore} className="mt-3">
          {t("more")}
        </Button>
      )}
    </>
  );
}
