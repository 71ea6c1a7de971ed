import { Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/icon-button.tsx";
import { useNarrow } from "../../ui/use-media-query.ts";
import type { SearchPlace } from "./chip.ts";
import { PlainField } from "./plain-field.tsx";
import { openSearch } from "./search-store.ts";

/** In the header of a channel: the field, or on narrow screens the button that opens it with its results. */
export function SearchBox({ place }: { place: SearchPlace }) {
  const { t } = useTranslation("search");
  if (!useNarrow())
    return <PlainField place={place} className="relative w-60 focus-within:w-88 max-xl:not-focus-within:w-36" />;
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
