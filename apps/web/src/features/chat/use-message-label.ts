import { useTranslation } from "react-i18next";
import type { Message } from "@miscord/protocol";
import { plainText } from "@miscord/text";
import { useFormat } from "../../i18n/format.ts";

interface Said {
  content: string;
  attachments: readonly unknown[];
}

/** What a message says, in one line: its text, the number of its files. */
export function useMessageSummary(): (message: Said) => string {
  const { t } = useTranslation("chat");
  return ({ content, attachments }) =>
    [plainText(content), attachments.length > 0 && t("message.attachments", { count: attachments.length })]
      .filter(Boolean)
      .join(", ");
}

/** A message's name for screen readers. */
export function useMessageLabel(message: Message): string {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const summary = useMessageSummary();
  const said = summary(message);
  const original = message.reply_to;
  const text = original ? t("message.replyTo", { author: original.author.display_name, text: said }) : said;
  return t("message.label", { author: message.author.display_name, time: format.time(message.timestamp), text });
}
