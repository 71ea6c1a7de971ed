import { Clock } from "lucide-react";
import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EmojiGroup } from "./emoji-data.ts";
import { EmojiGlyph } from "./emoji-glyph.tsx";
import type { ServerSection } from "./use-server-emojis.ts";

export const recentTab = "recent";

/** An emoji that stands for each group, by the group's number in Emojibase. */
const symbols: Readonly<Record<number, string>> = {
  0: "😀",
  1: "👋",
  3: "🐻",
  4: "🍔",
  5: "✈️",
  6: "⚽",
  7: "💡",
  8: "🔣",
  9: "🏁",
};

export const serverTab = (id: number) => `server-${id}`;

interface EmojiTabsProps {
  groups: readonly EmojiGroup[];
  servers: readonly ServerSection[];
  hasRecent: boolean;
}

/** The servers and the categories as tabs. Must be rendered inside the picker's `Tabs.Root`. */
export function EmojiTabs({ groups, servers, hasRecent }: EmojiTabsProps) {
  const { t } = useTranslation("chat");
  return (
    <Tabs.List aria-label={t("emoji.categories")} className="mx-1.5 mb-1 flex overflow-x-auto border-b border-line">
      {hasRecent && (
        <EmojiTab id={recentTab} label={t("emoji.recent")}>
          <Clock size={18} aria-hidden />
        </EmojiTab>
      )}
      {servers.map(({ id, name, entries }) => (
        <EmojiTab key={id} id={serverTab(id)} label={name}>
          <span aria-hidden>
            <EmojiGlyph emoji={entries[0]!.emoji} />
          </span>
        </EmojiTab>
      ))}
      {groups.map(({ id, label }) => (
        <EmojiTab key={id} id={String(id)} label={label}>
          <span aria-hidden>{symbols[id] ?? "•"}</span>
        </EmojiTab>
      ))}
    </Tabs.List>
  );
}

function EmojiTab({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <Tabs.Trigger
      value={id}
      aria-label={label}
      title={label}
      className="focus-inset flex h-9 min-w-8 flex-1 items-center justify-center rounded-t-md border-b-2 border-transparent text-lg text-muted opacity-75 transition-colors hover:bg-hover hover:opacity-100 data-[state=active]:border-focus data-[state=active]:text-ink data-[state=active]:opacity-100"
    >
      {children}
    </Tabs.Trigger>
  );
}
