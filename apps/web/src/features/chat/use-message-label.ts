import { useTranslation } from "react-i18next";
import { contentWithEmbeds, voiceLengthOf, type Attachment, type Embed, type Message } from "@miscord/protocol";
import { plainTextOf } from "@miscord/text";
import { useFormat } from "../../i18n/format.ts";
import { parseMessage } from "../markdown/parse-message.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { voiceText } from "../../core/voice-text.ts";
import { nameOf } from "../../core/name-of.ts";

interface Summarized {
  content: string;
  attachments: readonly Attachment[];
  embeds?: readonly Embed[] | undefined;
  notice?: Message["notice"];
}

/** A message in one line: its plain text, its voice message and the number of its other attachments. */
export function useMessageSummary(): (message: Summarized) => string {
  const { t } = useTranslation("chat");
  return ({ content, attachments, embeds = [], notice }) => {
    const voice = voiceText(voiceLengthOf({ attachments }).voice_ms);
    const count = attachments.length - (voice ? 1 : 0);
    return [
      notice && t("pins.title"),
      withRoles(plainTextOf(parseMessage(contentWithEmbeds({ content, embeds })))),
      voice,
      count > 0 && t("message.attachments", { count }),
    ]
      .filter(Boolean)
      .join(", ");
  };
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
