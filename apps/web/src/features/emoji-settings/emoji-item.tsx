import { emojiCalls } from "@miscord/client";
import type { CustomEmoji } from "@miscord/protocol";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { EmojiDialog } from "./emoji-dialog.tsx";
import { useKindTexts, type EmojiKind } from "./kinds.ts";

interface EmojiItemProps {
  kind: EmojiKind;
  serverId: number | null;
  emoji: CustomEmoji;
}

export function EmojiItem({ kind, serverId, emoji }: EmojiItemProps) {
  const { t } = useKindTexts(kind);
  const { rest } = useClient();
  const { run } = useAction();
  const [asked, setAsked] = useState<"change" | "remove" | null>(null);
  const { id, name, aliases } = emoji;
  return (
    <>
      <img src={kind.urlOf(id)} alt="" loading="lazy" className={cx(kind.sizeClass, "shrink-0 object-contain")} />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate text-sm font-medium">
          {kind.shownName(name)}
        </p>
        {aliases.length > 0 && (
          <p dir="auto" className="truncate text-sm text-faint">
            {aliases.join(", ")}
          </p>
        )}
      </div>
      <IconButton label={t("change", { name })} icon={<Pencil size={16} />} onClick={() => setAsked("change")} />
      <IconButton label={t("remove", { name })} icon={<Trash2 size={16} />} onClick={() => setAsked("remove")} />
      {asked === "change" && (
        <EmojiDialog kind={kind} serverId={serverId} emoji={emoji} onClose={() => setAsked(null)} />
      )}
      {asked === "remove" && (
        <ConfirmDialog
          open
          danger
          onOpenChange={() => setAsked(null)}
          title={t("removeTitle", { name })}
          description={t("removeHint", { name })}
          confirmLabel={t("removeConfirm")}
          onConfirm={() => run(() => emojiCalls(rest, serverId, kind.id).remove(id))}
        />
      )}
    </>
  );
}
