import { Search } from "lucide-react";
import { type FunctionComponent, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadTexts } from "../../i18n/index.ts";
import type { SearchPlace } from "./chip.ts";
import type { SearchFieldProps } from "./search-field.tsx";
import { fieldId, setText, submit, useSearch } from "./search-store.ts";

/** The field of the search, without suggestions until it first has the focus, when their code is loaded. */
export function PlainField({ place, className }: { place: SearchPlace; className: string }) {
  const [loaded, setLoaded] = useState<{ Field: FunctionComponent<SearchFieldProps>; hadFocus: boolean } | null>(null);
  // When this fails, a field without suggestions still searches.
  async function load(): Promise<void> {
    const [{ SearchField }] = await Promise.all([import("./search-field.tsx"), loadTexts("screens")]);
    setLoaded({ Field: SearchField, hadFocus: document.activeElement?.id === fieldId });
  }
  if (loaded) return <loaded.Field place={place} className={className} takesFocus={loaded.hadFocus} />;
  return <Words className={className} onFocus={() => void load().catch(() => {})} />;
}

function Words({ className, onFocus }: { className: string; onFocus: () => void }) {
  const { t } = useTranslation("search");
  const { text, chips } = useSearch();
  return (
    <div role="search" className={className}>
      <div className="flex min-h-8 w-full items-center gap-1 rounded-md border border-line-strong bg-field px-2 py-0.5 focus-within:outline-2 focus-within:outline-link">
        <Search size={15} aria-hidden className="shrink-0 text-faint" />
        <input
          id={fieldId}
          role="combobox"
          aria-label={t("label")}
          aria-expanded={false}
          aria-controls={undefined}
          autoComplete="off"
          enterKeyHint="search"
          maxLength={200}
          placeholder={t("placeholder")}
          value={text}
          onFocus={onFocus}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && !event.nativeEvent.isComposing && submit(text, chips)}
          className="min-w-16 flex-1 bg-transparent text-sm outline-none placeholder:text-faint pointer-coarse:text-[1rem]"
        />
      </div>
    </div>
  );
}
