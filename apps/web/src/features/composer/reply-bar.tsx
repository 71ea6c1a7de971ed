import { voiceLengthOf, type Message } from "@miscord/protocol";
import { plainText } from "@miscord/text";
import { voiceText } from "../../core/voice-text.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { Reply, X } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { changeDraft } from "./drafts.ts";
import { nameOf } from "../../core/name-of.ts";

/** Shown above the field: the message being answered. */
export function ReplyBar({ channelId, message }: { channelId: number; message: Message }) {
  const { t } = useTranslation("chat");
  const client = useClient();
  useEffect(
    () =>
      // A reply to a deleted message becomes a plain message.
      client.on("event", (event) => {
        const isGone = event.type === "message_deleted" && event.data.message_id === message.id;
        if (isGone) changeDraft(channelId, { replyTo: null });
      }),
    [client, channelId, message.id],
  );
  return (
    <div className="flex items-center gap-2 rounded-t-lg border border-b-0 border-line-strong bg-raised py-1 pr-1 pl-3 text-sm">
      <Reply size={15} aria-hidden className="shrink-0 text-faint" />
      <p className="min-w-0 flex-1 truncate text-muted">
        <span className="font-medium text-ink">{t("composer.replyingTo", { author: nameOf(message.author) })}</span>{" "}
        {withRoles(plainText(message.content)) || voiceText(voiceLengthOf(message).voice_ms)}
      </p>
      <IconButton
        size="sm"
        label={t("composer.cancelReply")}
        icon={<X size={16} />}
        onClick={() => changeDraft(channelId, { replyTo: null })}
      />
    </div>
  );
}
