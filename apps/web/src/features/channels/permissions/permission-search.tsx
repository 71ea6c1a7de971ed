import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import type { ShownPermission } from "./permission-names.ts";

/** A search field over permissions, and those that it finds by name or description. */
export function usePermissionSearch(names: readonly ShownPermission[]) {
  const { t } = useTranslation("rights");
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLocaleLowerCase();
  const found = names.filter((name) =>
    `${t(`permission.${name}.label`)} ${t(`permission.${name}.hint`)}`.toLocaleLowerCase().includes(wanted),
  );
  const field = (
    <Field label={t("roles.search")} hideLabel className="mb-2">
      <Input
        type="search"
        placeholder={t("roles.search")}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        trailing={<Search size={17} aria-hidden className="mr-2 text-faint" />}
      />
    </Field>
  );
  return { found, field };
}
