import { EmojiPicker as Frimousse, type SkinTone } from "frimousse";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { stored } from "../../core/stored.ts";
import { controlClass } from "../../ui/input.tsx";
import { emojiListParts } from "./emoji-list-parts.tsx";
import { rememberEmoji, useRecentEmoji } from "./recent-emoji.ts";
import { SkinToneMenu } from "./skin-tone-menu.tsx";

const columns = 9;

/** The emoji picker. Its code is loaded when first opened, its data comes from this instance. */
export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t, i18n } = useTranslation("chat");
  const [search, setSearch] = useState("");
  const [skinTone, setSkinTone] = useState(() => (stored.get("skinTone") ?? "none") as SkinTone);
  function pick(emoji: string): void {
    rememberEmoji(emoji);
    onPick(emoji);
  }
  return (
    <Frimousse.Root
      locale={i18n.language}
      emojibaseUrl="/emojibase"
      columns={columns}
      skinTone={skinTone}
      onEmojiSelect={({ emoji }) => pick(emoji)}
      className="isolate flex h-full flex-col"
    >
      <div className="flex items-center gap-2 p-2.5">
        <div className="relative flex-1">
          <Search
            size={16}
            aria-hidden
            className="pointer-events-none absolute left-2.5 top-1/2 -translate-y-1/2 text-faint"
          />
          <Frimousse.Search
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            aria-label={t("emoji.search")}
            placeholder={t("emoji.search")}
            className={`${controlClass} h-9 pl-8.5`}
          />
        </div>
        <SkinToneMenu
          onChange={(tone) => {
            setSkinTone(tone);
            stored.set("skinTone", tone);
          }}
        />
      </div>
      {search === "" && <RecentEmoji onPick={pick} />}
      <EmojiGrid />
    </Frimousse.Root>
  );
}

function EmojiGrid() {
  const { t } = useTranslation("chat");
  return (
    <>
      <Frimousse.Viewport className="min-h-0 flex-1 px-1.5 outline-none">
        <Frimousse.Loading className="flex h-full items-center justify-center text-sm text-faint">
          {t("emoji.loading")}
        </Frimousse.Loading>
        <Frimousse.Empty>
          {(empty) => (
            <p role="status" className="px-4 py-10 text-center text-sm text-faint wrap-anywhere">
              {t("emoji.none", { search: empty.search })}
            </p>
          )}
        </Frimousse.Empty>
        <Frimousse.List aria-label={t("emoji.title")} className="pb-1.5 select-none" components={emojiListParts} />
      </Frimousse.Viewport>
      <Frimousse.ActiveEmoji>
        {({ emoji }) => (
          <div className="flex h-10 items-center gap-2 border-t border-line px-3 text-sm text-muted">
            {emoji && <span className="text-xl">{emoji.emoji}</span>}
            <span className="truncate">{emoji?.label ?? t("emoji.pick")}</span>
          </div>
        )}
      </Frimousse.ActiveEmoji>
    </>
  );
}

function RecentEmoji({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation("chat");
  // The recent emoji of the moment the picker was opened: buttons that move under the pointer are pressed by mistake.
  const [recent] = useState(() => useRecentEmoji.getState().emoji);
  if (recent.length === 0) return null;
  return (
    <section aria-label={t("emoji.recent")} className="px-1.5 pb-1">
      <h3 className="px-1.5 pb-1 text-xs font-medium text-faint">{t("emoji.recent")}</h3>
      <div className="grid grid-cols-9">
        {recent.map((emoji) => (
          <button
            key={emoji}
            type="button"
            aria-label={emoji}
            onClick={() => onPick(emoji)}
            className="focus-inset flex aspect-square items-center justify-center rounded-md text-[1.375rem] hover:bg-active"
          >
            {emoji}
          </button>
        ))}
      </div>
    </section>
  );
}
