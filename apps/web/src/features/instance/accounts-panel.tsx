import type { AccountPage, InstanceAccount } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { SearchField } from "../../ui/search-field.tsx";
import { AccountItem } from "./account-item.tsx";
import { PagedList } from "./paged-list.tsx";
import { usePages } from "./use-pages.ts";
import { usePaused } from "./use-paused.ts";

/** All accounts of the instance, with what its administrators can do about them. */
export function AccountsPanel() {
  const { t } = useTranslation("instance");
  const { rest } = useClient();
  const [text, setText] = useState("");
  const search = usePaused(text.trim());
  const load = useCallback(
    async (last?: InstanceAccount) => {
      const query = { search, before: last?.id };
      const { accounts, has_more } = await rest.call<AccountPage>("GET", "/api/accounts", { query });
      return { items: accounts, has_more };
    },
    [rest, search],
  );
  const pages = usePages(load);
  return (
    <PagedList
      title={t("accounts.title")}
      pages={pages}
      empty={t("accounts.none")}
      toolbar={<SearchField label={t("accounts.search")} query={text} onChange={setText} />}
      keyOf={({ id }) => id}
      renderItem={(account) => <AccountItem account={account} onChanged={pages.reload} />}
    />
  );
}
