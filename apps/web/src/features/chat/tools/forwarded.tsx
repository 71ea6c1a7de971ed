import { ApiError, messageToolCalls } from "@miscord/client";
import type { Message } from "@miscord/protocol";
import { Forward } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "../../../core/client.ts";
import { paths } from "../../../core/paths.ts";
import { useAction } from "../../../core/use-action.ts";
import { useFormat } from "../../../i18n/format.ts";
import { useToast } from "../../../ui/toast.tsx";
import { StickerPicture } from "../../emoji/sticker-picture.tsx";
import { Markdown } from "../../markdown/markdown.tsx";

interface ForwardedProps {
  message: Message;
  forwarded: NonNullable<Message["forwarded"]>;
  /** Whether the message is in the tab order. */
  isActive: boolean;
}

/** Nobody is mentioned by what is forwarded. */
const nobody = () => null;

/** What another message said. Where it came from is told only to those who see that. */
export function Forwarded({ message, forwarded: { content, timestamp, sticker }, isActive }: ForwardedProps) {
  const { t } = useTranslation("tools");
  const client = useClient();
  const toast = useToast();
  const format = useFormat();
  const { run } = useAction();
  const [, navigate] = useLocation();
  async function goToSource(): Promise<void> {
    try {
      const { server_id, channel_id, message_id } = await messageToolCalls(client.rest).source(message.id);
      navigate(paths.message(server_id, channel_id, message_id));
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "not_found") throw error;
      toast({ title: t("forwarded.hidden") });
    }
  }
  return (
    <div className="mt-1 border-s-3 border-line-strong ps-3">
      <p className="flex items-center gap-1.5 text-xs text-muted">
        <Forward size={13} aria-hidden />
        {t("forwarded.label")}
      </p>
      {sticker && <StickerPicture {...sticker} />}
      {content !== "" && !sticker && (
        <Markdown content={content} mentionOf={nobody} mentions={noMentions} mentionsEveryone={false} />
      )}
      <button
        type="button"
        tabIndex={isActive ? 0 : -1}
        onClick={() => void run(goToSource)}
        className="text-xs text-muted underline-offset-2 hover:text-ink hover:underline"
      >
        <time dateTime={timestamp}>{format.dateTime(timestamp)}</time> · {t("forwarded.source")}
      </button>
    </div>
  );
}

const noMentions: readonly number[] = [];
