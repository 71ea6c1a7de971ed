import { Tabs } from "radix-ui";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { stored } from "../../core/stored.ts";
import { FocusHolder } from "../../ui/focus-holder.tsx";
import {
  type EmojiData,
  type EmojiEntry,
  loadEmojiData,
  searchEmoji,
  type SkinTone,
  withSkinTone,
} from "./emoji-data.ts";
import { EmojiGrid, focusFirstCell } from "./emoji-grid.tsx";
import { EmojiGlyph } from "./emoji-glyph.tsx";
import type { StickerPlace } from "./sticker-place.ts";
import { EmojiTabs, recentTab, serverTab } from "./emoji-tabs.tsx";
import { rememberEmoji, useRecentEmoji } from "./recent-emoji.ts";
import { type ServerEmojis, useServerEmojis } from "./use-server-emojis.ts";
import { PickerParts } from "./picker-parts.tsx";
import { SearchField } from "./search-field.tsx";
import { SkinToneMenu } from "./skin-tone-menu.tsx";

interface EmojiPickerProps {
  /** As of `EmojiPopover`. */
  serverId: number | null | undefined;
  channelId?: number | undefined;
  onPick: (emoji: string, typed: string) => void;
}

interface PickerProps extends EmojiPickerProps {
  stickers?: StickerPlace | undefined;
  /** Closes the picker, and does the work when the focus has returned. */
  finish: (work: () => void) => void;
}

/** The picker. Its code is loaded when first opened, its data comes from this instance. */
export default function EmojiPicker({ serverId, channelId, stickers, onPick, finish }: PickerProps) {
  const pick = (emoji: string, typed: string) => finish(() => onPick(emoji, typed));
  const emojis = (takesFocus: boolean) => <EmojiPart {...{ serverId, channelId, takesFocus }} onPick={pick} />;
  if (!stickers) return emojis(true);
  return <PickerParts {...{ serverId, stickers, finish }}>{emojis}</PickerParts>;
}

function EmojiPart({ takesFocus, ...props }: EmojiPickerProps & { takesFocus: boolean }) {
  const { t } = useTranslation("chat");
  const data = useEmojiData();
  if (data === "failed") return <Note>{t("emoji.failed")}</Note>;
  if (!data) {
    return (
      <div className="h-84">
        <Note>{t("emoji.loading")}</Note>
        {takesFocus && <FocusHolder />}
      </div>
    );
  }
  return <LoadedPicker data={data} takesFocus={takesFocus} {...props} />;
}

function Note({ children }: { children: string }) {
  return (
    <p role="status" className="px-4 py-10 text-center text-sm text-faint wrap-anywhere">
      {children}
    </p>
  );
}

function useEmojiData(): EmojiData | "failed" | null {
  const { i18n } = useTranslation();
  const [data, setData] = useState<EmojiData | "failed" | null>(null);
  useEffect(() => {
    let isCurrent = true;
    loadEmojiData(i18n.language).then(
      (loaded) => isCurrent && setData(loaded),
      () => isCurrent && setData("failed"),
    );
    return () => {
      isCurrent = false;
    };
  }, [i18n.language]);
  return data;
}

interface LoadedPickerProps extends EmojiPickerProps {
  data: EmojiData;
  takesFocus: boolean;
}

function LoadedPicker({ data, serverId, channelId, takesFocus, onPick }: LoadedPickerProps) {
  const { t } = useTranslation("chat");
  const [search, setSearch] = useState("");
  const [skinTone, setSkinTone] = useState(() => (stored.get("skinTone") ?? "none") as SkinTone);
  const [active, setActive] = useState<EmojiEntry | null>(null);
  const own = useServerEmojis(serverId, channelId);
  const recent = useRecentEntries(data, own);
  const [tab, setTab] = useState(recent.length > 0 ? recentTab : String(data.groups[0]?.id ?? 0));
  const panel = useRef<HTMLDivElement>(null);
  const results = useMemo(
    () => (search.trim() === "" ? null : [...own.search(search), ...searchEmoji(data, search)]),
    [data, own, search],
  );
  const section = own.sections.find(({ id }) => serverTab(id) === tab)?.entries;
  const inTab = section ?? data.entries.filter(({ group }) => String(group) === tab);
  const shown = results ?? (tab === recentTab ? recent : inTab);

  function pick(entry: EmojiEntry): void {
    const emoji = withSkinTone(entry, skinTone);
    rememberEmoji(emoji);
    onPick(emoji, entry.typed ?? emoji);
  }
  function onSearchKey(event: KeyboardEvent): void {
    const [first] = results ?? [];
    if (event.key === "ArrowDown") focusFirstCell(panel.current);
    else if (event.key === "Enter" && first) pick(first);
    else return;
    event.preventDefault();
  }

  return (
    <Tabs.Root value={tab} onValueChange={setTab} className="flex flex-col">
      <div className="flex items-center gap-2 p-2.5">
        <SearchField label={t("emoji.search")} onKeyDown={onSearchKey} {...{ search, setSearch, takesFocus }} />
        <SkinToneMenu
          data={data}
          skinTone={skinTone}
          onChange={(tone) => {
            setSkinTone(tone);
            stored.set("skinTone", tone);
          }}
        />
      </div>
      {!results && <EmojiTabs groups={data.groups} servers={own.sections} hasRecent={recent.length > 0} />}
      <Tabs.Content value={tab} tabIndex={-1} ref={panel} className="px-1.5 outline-none">
        <EmojiGrid
          key={results ? "search" : tab}
          entries={shown}
          skinTone={skinTone}
          onPick={pick}
          onActive={setActive}
          isTall={results !== null}
        />
      </Tabs.Content>
      {results?.length === 0 && <Note>{t("emoji.none", { search })}</Note>}
      <Pointed entry={active ?? results?.[0]} skinTone={skinTone} />
    </Tabs.Root>
  );
}

/** The emoji that would be picked. */
function Pointed({ entry, skinTone }: { entry: EmojiEntry | undefined; skinTone: SkinTone }) {
  const { t } = useTranslation("chat");
  return (
    <div aria-hidden className="flex h-10 items-center gap-2 border-t border-line px-3 text-sm text-muted">
      {entry && (
        <span className="text-xl">
          <EmojiGlyph emoji={withSkinTone(entry, skinTone)} />
        </span>
      )}
      <span className="truncate">{entry?.label ?? t("emoji.pick")}</span>
    </div>
  );
}

/** The recent emoji of the moment the picker was opened: buttons that move under the pointer are pressed by mistake. */
function useRecentEntries({ entries }: EmojiData, { entryOf }: ServerEmojis): readonly EmojiEntry[] {
  const [recent] = useState(() => useRecentEmoji.getState().emoji);
  return useMemo(
    () =>
      recent.flatMap((emoji) => {
        if (emoji.startsWith("<")) return entryOf(emoji) ?? [];
        const known = entries.find(
          (entry) => entry.emoji === emoji || entry.skins?.some((skin) => skin.emoji === emoji),
        );
        // Shown with the skin tone that it was used with.
        return { emoji, label: known?.label ?? emoji, group: -1, version: 0, tags: [] };
      }),
    [entries, entryOf, recent],
  );
}
