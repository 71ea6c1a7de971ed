import { clockText, type Locale, type Notification, type PushPayload } from "@miscord/protocol";

type Action = NonNullable<PushPayload["actions"]>[number]["action"];

interface Words {
  kind: Record<Notification["kind"], string>;
  inGroup: string;
  missed_call: string;
  ring: string;
  /** Beside the name that a webhook chose. */
  webhook: string;
  voice: string;
  action: Record<Action, string>;
  test: { title: string; body: string };
}

/** The web client's words for the same things, `notifications:kind` and `people:receivedIn`. */
export const words: Readonly<Record<Locale, Words>> = {
  en: {
    kind: {
      mention: "{{author}} mentioned you in {{channel}}",
      reply: "{{author}} replied to you in {{channel}}",
      everyone: "{{author}} notified everyone in {{channel}}",
      here: "{{author}} notified everyone online in {{channel}}",
      role: "{{author}} mentioned your role in {{channel}}",
      invite: "{{author}} invites you to {{server}}",
      report_acted: "The moderators of {{server}} have acted on your report",
      report_dismissed: "The moderators of {{server}} have found nothing to act on in your report",
    },
    inGroup: "{{author}} in {{group}}",
    missed_call: "Missed call from {{author}}",
    ring: "{{author}} is calling",
    webhook: "Webhook",
    voice: "Voice message, {{length}}",
    action: { read: "Mark as read", reply: "Reply", mute: "Mute for an hour" },
    test: { title: "Miscord", body: "Notifications reach this device." },
  },
  ru: {
    kind: {
      mention: "{{author}} упоминает вас в {{channel}}",
      reply: "{{author}} отвечает вам в {{channel}}",
      everyone: "{{author}} обращается ко всем в {{channel}}",
      here: "{{author}} обращается ко всем, кто в сети, в {{channel}}",
      role: "{{author}} упоминает вашу роль в {{channel}}",
      invite: "{{author}} приглашает вас на «{{server}}»",
      report_acted: "Модераторы сервера «{{server}}» приняли меры по вашей жалобе",
      report_dismissed: "Модераторы сервера «{{server}}» рассмотрели вашу жалобу и не нашли нарушений",
    },
    inGroup: "{{author}} — {{group}}",
    missed_call: "Пропущенный звонок: {{author}}",
    ring: "Звонит {{author}}",
    webhook: "Вебхук",
    voice: "Голосовое сообщение, {{length}}",
    action: { read: "Отметить прочитанным", reply: "Ответить", mute: "Заглушить на час" },
    test: { title: "Miscord", body: "Уведомления доходят до этого устройства." },
  },
};

/** Instead of the text of a message that has none and is a voice message of this length; empty for any other. */
export function voiceText(locale: Locale, voiceMs: number | undefined): string {
  return voiceMs === undefined ? "" : filled(words[locale].voice, { length: clockText(voiceMs) });
}

/** Fills in the places; a name that holds braces stays as it is. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_place, name: string) => values[name] ?? "");
}
