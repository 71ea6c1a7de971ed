import { useTranslation } from "react-i18next";
import { contentWithEmbeds, type Embed, type Message } from "@miscord/protocol";
import { plainTextOf } from "@miscord/text";
import { useFormat } from "../../i18n/format.ts";
import { parseMessage } from "../markdown/parse-message.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { nameOf } from "../../core/name-of.ts";

interface Summarized {
  content: string;
  attachments: readonly unknown[];
  embeds?: readonly Embed[] | undefined;
}

/** A message in one line: its plain text and the number of its attachments. */
export function useMessageSummary(): (message: Summarized) => string {
  const { t } = useTranslation("chat");
  return ({ content, attachments, embeds = [] }) =>
    [
      withRoles(plainTextOf(parseMessage(contentWithEmbeds({ content, embeds })))),
      attachments.length > 0 && t("message.attachments", { count: attachments.length }),
    ]
      .filter(Boolean)
      .join(", ");
}

/** A message's accessible name. */
export function useMessageLabel(message: Message): string {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const summary = useMessageSummary();
  const content = summary(message);
  const original = message.reply_to;
  const text = original ? t("message.replyTo", { author: nameOf(original.author), text: content }) : content;
  return t("message.label", { author: nameOf(message.author), time: format.time(message.timestamp), text });
}
