import type { Sticker } from "@miscord/protocol";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { slowModeText, useSlowMode } from "../../core/use-slow-mode.ts";
import { searchServerEmojis } from "./complete-emoji.ts";
import { focusFirstCell } from "./emoji-grid.tsx";
import { SearchField } from "./search-field.tsx";
import { StickerGrid } from "./sticker-grid.tsx";
import { type OfferedSticker, useServerStickers } from "./use-server-stickers.ts";

interface StickerPartProps {
  serverId: number | null | undefined;
  channelId: number;
  /** It is not sent now, so slow mode does not hold it up. */
  isLater?: boolean;
  onPick: (sticker: Sticker) => void;
}

/** Stickers of the user's servers, found by name and alias. */
export function StickerPart({ serverId, channelId, isLater = false, onPick }: StickerPartProps) {
  const { t } = useTranslation(["stickers", "moderation"]);
  const slowedS = useSlowMode(serverId ?? null, channelId);
  const waitS = isLater ? 0 : slowedS;
  const [search, setSearch] = useState("");
  const [active, setActive] = useState<OfferedSticker | null>(null);
  const panel = useRef<HTMLDivElement>(null);
  const { stickers: all, lacksForeign } = useServerStickers(serverId, channelId);
  const found = search.trim() === "" ? all : searchServerEmojis(all, search);
  const shown = waitS > 0 ? [] : found;
  const none = all.length === 0 ? t(lacksForeign ? "foreign" : "noneAnywhere") : t("noneFound", { search });

  function onSearchKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") focusFirstCell(panel.current);
    else if (event.key !== "Enter") return;
    else if (search !== "" && shown[0]) onPick(shown[0]);
    // Nothing else happens, whatever form the field is in.
    event.preventDefault();
  }

  return (
    <div className="flex flex-col">
      <div className="flex p-2.5">
        <SearchField label={t("search")} onKeyDown={onSearchKey} {...{ search, setSearch }} takesFocus={false} />
      </div>
      <div
        ref={panel}
        className="h-[min(18rem,var(--radix-popover-content-available-height)-9.75rem)] overflow-y-auto px-1.5"
      >
        {shown.length > 0 ? (
          <StickerGrid key={search} stickers={shown} onPick={onPick} onActive={setActive} />
        ) : (
          // What changes every second is not read out.
          <p
            role={waitS > 0 ? undefined : "status"}
            className="px-4 py-10 text-center text-sm text-faint tabular-nums wrap-anywhere"
          >
            {waitS > 0 ? slowModeText(waitS) : none}
          </p>
        )}
        {lacksForeign && search === "" && shown.length > 0 && (
          <p className="px-1 py-2 text-xs text-faint">{t("foreign")}</p>
        )}
      </div>
      <Pointed sticker={active && shown.includes(active) ? active : null} />
    </div>
  );
}

/** The sticker that would be sent, and whose it is. */
function Pointed({ sticker }: { sticker: OfferedSticker | null }) {
  const { t } = useTranslation("stickers");
  return (
    <div aria-hidden className="flex h-10 items-center gap-2 border-t border-line px-3 text-sm text-muted">
      {sticker ? (
        <>
          <span dir="auto" className="max-w-[60%] shrink-0 truncate text-ink">
            {sticker.name}
          </span>
          <span dir="auto" className="truncate">
            {sticker.serverName}
          </span>
        </>
      ) : (
        <span className="truncate">{t("pick")}</span>
      )}
    </div>
  );
}
