import type { OutgoingMessage } from "@miscord/client";
import { Clock } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { usePersonIn } from "../../core/people.ts";
import { useElapsed } from "../../core/use-elapsed.ts";
import { lazyInBackground } from "../../i18n/lazy-with-texts.ts";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { Attachments } from "../attachments/attachments.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import { useChat } from "./chat-context.ts";
import { MessageExtras } from "./message-body.tsx";
import { ReplyPreview } from "./reply-preview.tsx";
import { Separator } from "./separators.tsx";
import { useMessageSummary } from "./use-message-label.ts";

const SendFailure = lazyInBackground(async () => (await import("./send-failure.tsx")).SendFailure);

/** Most messages are sent within this time; an indicator before it would only flicker. */
const quietMs = 700;

export interface OutgoingRowProps {
  outgoing: OutgoingMessage;
  startsGroup: boolean;
  startsDay: boolean;
  isActive: boolean;
}

/** An own message that the server has not confirmed yet. */
export const OutgoingRow = memo(function OutgoingRow({ outgoing, startsGroup, startsDay, isActive }: OutgoingRowProps) {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const me = usePersonIn(outgoing.channelId, useMe());
  const summary = useMessageSummary();
  const { content, attachments, replyTo, status, sticker } = outgoing;
  const time = format.time(outgoing.createdAt);
  const isLate = useElapsed(quietMs, status === "pending");
  return (
    <>
      {startsDay && <Separator day={new Date(outgoing.createdAt).toISOString()} isNew={false} />}
      <article
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys move between messages
        tabIndex={isActive ? 0 : -1}
        aria-label={t("message.label", { author: me.display_name, time, text: summary(outgoing) })}
        data-status={status}
        className={cx(
          "focus-inset group/row relative flex gap-3 py-0.5 pl-4 pr-4 hover:bg-hover md:pr-12",
          startsGroup && !startsDay && "mt-3",
        )}
      >
        <div className="w-10 shrink-0">
          {startsGroup && <Avatar user={me} size={40} className={cx("mt-0.5", replyTo && "mt-6!")} />}
        </div>
        <div className="min-w-0 flex-1">
          {replyTo && <ReplyPreview original={replyTo} isActive={isActive} />}
          {startsGroup && (
            <div className="flex min-w-0 items-baseline gap-2">
              <span dir="auto" className="truncate font-semibold">
                {me.display_name}
              </span>
              <span className="shrink-0 text-xs text-faint">{time}</span>
            </div>
          )}
          <div className={cx(isLate && "text-muted")}>
            {sticker && (
              <LazyPart>
                <MessageExtras message={{ sticker }} />
              </LazyPart>
            )}
            <OutgoingText content={sticker ? "" : content} isLate={isLate} />
            {attachments.length > 0 && <Attachments attachments={attachments} />}
          </div>
          {status === "failed" && (
            <LazyPart loading={<NotSent />} failed={<NotSent />}>
              <SendFailure outgoing={outgoing} />
            </LazyPart>
          )}
        </div>
      </article>
    </>
  );
});

function OutgoingText({ content, isLate }: { content: string; isLate: boolean }) {
  const { t } = useTranslation("chat");
  const { mentionOf, roleOf, canManage } = useChat();
  const mark = isLate && (
    <span title={t("message.sending")} className="ml-1.5 inline-block align-middle text-faint">
      <Clock size={13} aria-hidden />
      <span className="sr-only">{t("message.sending")}</span>
    </span>
  );
  if (content === "") return mark;
  return (
    <Markdown
      {...{ content, mentionOf, roleOf }}
      mentions={null}
      mentionRoles={null}
      mentionsEveryone={canManage}
      mentionsHere={canManage}
      trailing={mark}
    />
  );
}

function NotSent() {
  const { t } = useTranslation("chat");
  return <p className="mt-0.5 text-sm text-danger-ink">{t("message.failed")}</p>;
}
