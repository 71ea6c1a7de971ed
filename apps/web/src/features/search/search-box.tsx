import { Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/icon-button.tsx";
import { useNarrow } from "../../ui/use-media-query.ts";
import { SearchField } from "./search-field.tsx";
import { openSearch } from "./search-store.ts";

/** In the header of a channel: the field, or on narrow screens the button that opens it with its results. */
export function SearchBox({ serverId }: { serverId: number }) {
  const { t } = useTranslation("search");
  if (!useNarrow()) return <SearchField serverId={serverId} className="w-60 focus-within:w-88" />;
  return (
    <IconButton
      data-search-button=""
      label={t("label")}
      icon={<Search size={19} />}
      tooltipSide="bottom"
      onClick={openSearch}
    />
  );
}
