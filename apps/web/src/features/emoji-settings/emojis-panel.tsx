import { Plus } from "lucide-react";
import { useRef } from "react";
import { useClientState } from "../../core/client.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { Button } from "../../ui/button.tsx";
import { EmojiItem } from "./emoji-item.tsx";
import { emojisIn, useKindTexts, type EmojiKind } from "./kinds.ts";
import { NewEmojis } from "./new-emojis.tsx";
import { RefusedFiles } from "./refused-files.tsx";
import { useChosenFiles } from "./use-chosen-files.ts";

/** The emoji or the stickers of a server, or with null of the instance: several are added at once, renamed and deleted. */
export function EmojisPanel({ kind, serverId }: { kind: EmojiKind; serverId: number | null }) {
  const { t } = useKindTexts(kind);
  const emojis = useClientState((state) => emojisIn(state, kind, serverId)) ?? [];
  const { added, setAdded, refused, room, isReading, choose, forgetRefused } = useChosenFiles(kind, emojis);
  const input = useRef<HTMLInputElement>(null);

  return (
    <PanelSection title={t("title")} hint={t(serverId === null ? "instanceHint" : "hint")}>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <Button size="sm" busy={isReading} disabled={room === 0} onClick={() => input.current?.click()}>
          <Plus size={16} aria-hidden />
          {t("choose")}
        </Button>
        <p className="text-sm text-faint tabular-nums">{t("count", { count: emojis.length, most: kind.most })}</p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept="image/png,image/jpeg,image/gif,image/webp,image/avif,.zip"
          aria-label={t("choose")}
          onChange={({ currentTarget }) => {
            choose([...(currentTarget.files ?? [])]);
            // Cleared so that picking the same file again fires a change event.
            currentTarget.value = "";
          }}
        />
      </div>
      <p className="-mt-1 mb-3 text-sm text-faint">{t("pictures:archive.formats")}</p>
      <RefusedFiles files={refused} onClose={forgetRefused} />
      <NewEmojis kind={kind} serverId={serverId} taken={emojis} added={added} onChange={setAdded} />
      {emojis.length === 0 && added.length === 0 && <p className="py-2 text-sm text-faint">{t("none")}</p>}
      <ul className="divide-y divide-line">
        {emojis
          .toSorted((a, b) => a.name.localeCompare(b.name))
          .map((emoji) => (
            <li key={emoji.id} className="flex min-h-14 items-center gap-3 py-2">
              <EmojiItem kind={kind} serverId={serverId} emoji={emoji} />
            </li>
          ))}
      </ul>
    </PanelSection>
  );
}
