import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchField } from "../../../ui/search-field.tsx";
import type { ShownPermission } from "./permission-names.ts";

/** A search field over permissions, and those that it finds by name or description. */
export function usePermissionSearch(names: readonly ShownPermission[]) {
  const { t } = useTranslation("rights");
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLocaleLowerCase();
  const found = names.filter((name) =>
    `${t(`permission.${name}.label`)} ${t(`permission.${name}.hint`)}`.toLocaleLowerCase().includes(wanted),
  );
  const field = <SearchField label={t("roles.search")} query={query} onChange={setQuery} />;
  return { found, field };
}
