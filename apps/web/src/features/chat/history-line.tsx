import { clockText, type Message } from "@miscord/protocol";
import { LockKeyhole, LockKeyholeOpen, Phone, Pin } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { useChat } from "./chat-context.ts";

/**
 * What is in the history besides messages: what a call has left, how long it was or that nobody answered, what somebody has changed
 * of the calls to come, and that somebody has pinned the message above it.
 */
export function HistoryLine({ message: { author, call } }: { message: Pick<Message, "author" | "call"> }) {
  const { t } = useTranslation("chat");
  const { meId } = useChat();
  if (!call) {
    return (
      <span className="flex items-center gap-1.5 text-muted">
        <Pin size={15} aria-hidden className="shrink-0" />
        {t("pins.notice")}
      </span>
    );
  }
  const { duration_s: seconds, encryption } = call;
  if (encryption) {
    const Icon = encryption === "on" ? LockKeyhole : LockKeyholeOpen;
    return (
      <span className="flex items-center gap-1.5 text-muted">
        <Icon size={15} aria-hidden className="shrink-0" />
        {t(`call.encryption.${encryption}`)}
      </span>
    );
  }
  const missed = author.id === meId ? t("call.unanswered") : t("call.missed");
  return (
    <span className="flex items-center gap-1.5 text-muted">
      <Phone size={15} aria-hidden className={cx("shrink-0", seconds === null && "text-danger-ink")} />
      {seconds === null ? missed : t("call.ended", { duration: clockText(1_000 * seconds) })}
    </span>
  );
}
