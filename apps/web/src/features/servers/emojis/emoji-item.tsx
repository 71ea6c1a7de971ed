import { emojiCalls } from "@miscord/client";
import { emojiUrl, type CustomEmoji } from "@miscord/protocol";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { EmojiDialog } from "./emoji-dialog.tsx";

export function EmojiItem({ serverId, emoji }: { serverId: number; emoji: CustomEmoji }) {
  const { t } = useTranslation("emojis");
  const { rest } = useClient();
  const { run } = useAction();
  const [asked, setAsked] = useState<"change" | "remove" | null>(null);
  const { id, name, aliases } = emoji;
  return (
    <>
      <img src={emojiUrl(id)} alt="" className="size-8 shrink-0 object-contain" />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">:{name}:</p>
        {aliases.length > 0 && (
          <p dir="auto" className="truncate text-sm text-faint">
            {aliases.join(", ")}
          </p>
        )}
      </div>
      <IconButton label={t("change", { name })} icon={<Pencil size={16} />} onClick={() => setAsked("change")} />
      <IconButton label={t("remove", { name })} icon={<Trash2 size={16} />} onClick={() => setAsked("remove")} />
      {asked === "change" && <EmojiDialog serverId={serverId} emoji={emoji} onClose={() => setAsked(null)} />}
      {asked === "remove" && (
        <ConfirmDialog
          open
          danger
          onOpenChange={() => setAsked(null)}
          title={t("removeTitle", { name })}
          description={t("removeHint", { name })}
          confirmLabel={t("removeConfirm")}
          onConfirm={() => run(() => emojiCalls(rest, serverId).remove(id))}
        />
      )}
    </>
  );
}
