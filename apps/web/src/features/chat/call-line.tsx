import { clockText, type Message } from "@miscord/protocol";
import { Phone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { useChat } from "./chat-context.ts";

/** What a call has left in the history: how long it was, or that nobody answered. */
export function CallLine({ message: { author, call } }: { message: Pick<Message, "author" | "call"> }) {
  const { t } = useTranslation("chat");
  const { meId } = useChat();
  if (!call) return null;
  const { duration_s: seconds } = call;
  const missed = author.id === meId ? t("call.unanswered") : t("call.missed");
  return (
    <span className="flex items-center gap-1.5 text-muted">
      <Phone size={15} aria-hidden className={cx("shrink-0", seconds === null && "text-danger-ink")} />
      {seconds === null ? missed : t("call.ended", { duration: clockText(seconds * 1_000) })}
    </span>
  );
}
