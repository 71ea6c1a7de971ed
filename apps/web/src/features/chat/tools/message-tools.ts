import { messageToolCalls, savedCalls, type MiscordClient } from "@miscord/client";
import type { Message } from "@miscord/protocol";
import { t } from "i18next";
import { paths } from "../../../core/paths.ts";
import { withRoles } from "../../../core/role-mentions.ts";
import { createFormat } from "../../../i18n/format.ts";
import { loadTexts } from "../../../i18n/index.ts";
import type { ToastMessage } from "../../../ui/toast.tsx";
import { reminderTime, type ReminderTime } from "./reminder-times.ts";

/** Saves the message, with a reminder or without a change of one. */
export async function saveMessage(
  client: MiscordClient,
  { id }: Message,
  time: ReminderTime | undefined,
  toast: (message: ToastMessage) => void,
): Promise<void> {
  const at = time && reminderTime(time, new Date());
  await Promise.all([
    savedCalls(client.rest).save(id, at ? { remind_at: at.toISOString() } : {}),
    loadTexts("screens"),
  ]);
  const when = at && createFormat(document.documentElement.lang).dateTime(at);
  toast({ title: when ? t("saved:remindAt", { when }) : t("saved:saved"), tone: "success" });
}

export function markUnread({ rest }: MiscordClient, { id }: Message): Promise<void> {
  return messageToolCalls(rest).markUnread(id);
}

/** The message with its author, time, files and address, to be pasted where Markdown is read. */
export function markdownOf({ author, timestamp, content, forwarded, poll, attachments, ...message }: Message): string {
  const { origin } = location;
  const address = origin + paths.message(message.server_id, message.channel_id, message.id);
  const time = createFormat(document.documentElement.lang).dateTime(timestamp);
  const quoted = forwarded?.content.split("\n").map((line) => `> ${line}`);
  return [
    `**${escaped(author.display_name)}** · [${time}](${address})`,
    withRoles(content),
    quoted?.join("\n"),
    poll?.answers.map(({ text, votes }) => `- ${escaped(text)}: ${votes}`).join("\n"),
    attachments.map(({ filename, file_url }) => `- [${escaped(filename)}](${origin}${file_url})`).join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~]/g, String.raw`\$&`);
}
