import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ListPanel } from "../../layout/list-panel.tsx";
import { Button } from "../../ui/button.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { AccountItem } from "./account-item.tsx";
import { useAccounts } from "./use-accounts.ts";

/** All accounts of the instance, with what its administrators can do about them. */
export function AccountsPanel() {
  const { t } = useTranslation("instance");
  const [query, setQuery] = useState("");
  const { loaded, reload, hasMore, isLoadingMore, loadMore } = useAccounts(query);
  return (
    <>
      <ListPanel
        title={t("accounts.title")}
        loaded={loaded}
        empty={t("accounts.none")}
        toolbar={<SearchField label={t("accounts.search")} query={query} onChange={setQuery} />}
        onRetry={reload}
        keyOf={({ id }) => id}
        renderItem={(account) => <AccountItem account={account} onChanged={reload} />}
      />
      {hasMore && (
        <Button size="sm" busy={isLoadingMore} onClick={loadMore} className="mt-3">
          {t("accounts.more")}
        </Button>
      )}
    </>
  );
}
