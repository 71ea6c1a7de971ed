import type { DataKind, Locale } from "@miscord/protocol";

interface Texts {
  title: string;
  intro: string;
  back: string;
  private: string;
  edited: string;
  gone: string;
  kinds: Record<DataKind, string>;
}

/** What the pages of an export say, in the language of its user. */
export const exportTexts: Record<Locale, Texts> = {
  en: {
    title: "Data of",
    intro: "Everything that this Miscord keeps about the account, as of",
    back: "All data",
    private: "Private",
    edited: "edited",
    gone: "the file is gone from the storage",
    kinds: {
      account: "Account",
      sessions: "Sessions",
      addresses: "Addresses",
      security: "Second factors",
      memberships: "Servers and roles",
      people: "Friends and blocks",
      conversations: "Private conversations",
      messages: "Messages",
      mentions: "Mentions",
      files: "Files",
      own_messages: "Drafts, scheduled and saved messages",
      gifs: "Favourite GIFs",
      reactions: "Reactions and votes",
      reading: "Read positions",
      notifications: "Notifications",
      mails: "Mails that wait to be sent",
      push: "Devices with push notifications",
      settings: "Notification settings",
      invites: "Invites",
      programs: "Webhooks and bots",
      bans: "Bans",
      reports: "Reports",
      audit_log: "Audit log",
      exports: "Exports",
      search: "Search index",
      logs: "Log files of the server",
    },
  },
  ru: {
    title: "Данные",
    intro: "Всё, что этот Miscord хранит об учётной записи, на",
    back: "Все данные",
    private: "Личное",
    edited: "изменено",
    gone: "файла нет в хранилище",
    kinds: {
      account: "Учётная запись",
      sessions: "Сеансы",
      addresses: "Адреса",
      security: "Второй фактор",
      memberships: "Серверы и роли",
      people: "Друзья и блокировки",
      conversations: "Личные беседы",
      messages: "Сообщения",
      mentions: "Упоминания",
      files: "Файлы",
      own_messages: "Черновики, отложенные и сохранённые сообщения",
      gifs: "Избранные GIF",
      reactions: "Реакции и голоса",
      reading: "Прочитанное",
      notifications: "Уведомления",
      mails: "Письма, которые ждут отправки",
      push: "Устройства с push-уведомлениями",
      settings: "Настройки уведомлений",
      invites: "Приглашения",
      programs: "Вебхуки и боты",
      bans: "Баны",
      reports: "Жалобы",
      audit_log: "Журнал аудита",
      exports: "Выгрузки",
      search: "Поисковый указатель",
      logs: "Журналы работы сервера",
    },
  },
};
