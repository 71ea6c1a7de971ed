import type { ReplyPreview as Original } from "@miscord/protocol";
import { Paperclip } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "../../ui/avatar.tsx";
import { useChat } from "./chat-context.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { voiceText } from "../../core/voice-text.ts";
import { nameOf } from "../../core/name-of.ts";

/** The message that a reply answers, in one line above the reply. A click jumps to it. */
export function ReplyPreview({ original, isActive }: { original: Original; isActive: boolean }) {
  const { t } = useTranslation("chat");
  const { actions } = useChat();
  const text = withRoles(original.content) || voiceText(original.voice_ms);
  return (
    <div className="mb-0.5 flex h-5 items-center gap-1.5 text-sm text-muted">
      <span
        aria-hidden
        className="-mr-0.5 ml-[-2.25rem] mt-2.5 h-2.5 w-8 shrink-0 rounded-tl-md border-l-2 border-t-2 border-line-strong"
      />
      {original.is_deleted ? (
        <span className="truncate text-faint italic">{t("message.originalDeleted")}</span>
      ) : (
        <button
          type="button"
          tabIndex={isActive ? 0 : -1}
          title={t("message.jumpToOriginal", { author: nameOf(original.author) })}
          onClick={() => actions.jumpTo(original.id)}
          className="flex min-w-0 items-center gap-1.5 rounded-sm hover:text-ink"
        >
          <Avatar user={original.author} size={16} />
          <bdi className="shrink-0 font-medium">{nameOf(original.author)}</bdi>
          {text ? <bdi className="truncate">{text}</bdi> : <Paperclip size={14} aria-hidden className="shrink-0" />}
        </button>
      )}
    </div>
  );
}
