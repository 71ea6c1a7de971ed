import type { Locale, ServerTemplate } from "@miscord/protocol";
import { bitsOf, union } from "@miscord/rights";

type Text = Readonly<Record<Locale, string>>;

export interface ChannelTemplate {
  name: Text;
  type?: "voice" | "stage" | "forum";
  topic?: Text;
  /** Of a forum. */
  tags?: readonly { name: Text; emoji: string }[];
  /** Only the first role writes in it. */
  isNews?: true;
}

interface RoleTemplate {
  name: Text;
  color: string;
  permissions: number;
}

/** What a new server has from the start. */
export interface Template {
  /** From the highest to the lowest; everybody may mention and see them apart. */
  roles: readonly RoleTemplate[];
  /** Without a name: channels above the categories. */
  groups: readonly { name: Text | null; channels: readonly ChannelTemplate[] }[];
}

const moderation = bitsOf(
  "kickMembers",
  "moderateMembers",
  "manageMessages",
  "manageThreads",
  "muteMembers",
  "moveMembers",
  "viewAuditLog",
);

const general: ChannelTemplate = { name: { en: "general", ru: "общий" } };
const voice: Text = { en: "Voice", ru: "Голос" };

export const templates: Readonly<Record<ServerTemplate, Template>> = {
  blank: {
    roles: [],
    groups: [{ name: null, channels: [general, { name: { en: "voice", ru: "голосовой" }, type: "voice" }] }],
  },
  gaming: {
    roles: [{ name: { en: "Moderator", ru: "Модератор" }, color: "#3b82f6", permissions: moderation }],
    groups: [
      {
        name: null,
        channels: [
          general,
          {
            name: { en: "looking-for-group", ru: "ищу-команду" },
            topic: { en: "Game, time, how many are missing", ru: "Игра, время, скольких не хватает" },
          },
          {
            name: { en: "clips", ru: "моменты" },
            topic: { en: "Best moments and screenshots", ru: "Видео и скриншоты" },
          },
        ],
      },
      {
        name: voice,
        channels: [
          { name: { en: "lobby", ru: "лобби" }, type: "voice" },
          { name: { en: "team 1", ru: "команда 1" }, type: "voice" },
          { name: { en: "team 2", ru: "команда 2" }, type: "voice" },
        ],
      },
    ],
  },
  open_source: {
    roles: [
      {
        name: { en: "Maintainer", ru: "Мейнтейнер" },
        color: "#8b5cf6",
        permissions: union(moderation, bitsOf("manageChannels", "mentionEveryone")),
      },
      { name: { en: "Contributor", ru: "Участник разработки" }, color: "#10b981", permissions: 0 },
    ],
    groups: [
      {
        name: null,
        channels: [
          { name: { en: "releases", ru: "релизы" }, isNews: true },
          general,
          {
            name: { en: "help", ru: "помощь" },
            type: "forum",
            topic: { en: "Version, what you did, what you expected", ru: "Версия, что сделано, чего ожидали" },
            tags: [
              { name: { en: "question", ru: "вопрос" }, emoji: "❓" },
              { name: { en: "bug", ru: "ошибка" }, emoji: "🐞" },
              { name: { en: "solved", ru: "решено" }, emoji: "✅" },
            ],
          },
        ],
      },
      {
        name: { en: "Development", ru: "Разработка" },
        channels: [
          { name: { en: "design", ru: "решения" } },
          { name: { en: "reviews", ru: "ревью" } },
          { name: { en: "meeting", ru: "встреча" }, type: "voice" },
        ],
      },
    ],
  },
  class: {
    roles: [
      {
        name: { en: "Teacher", ru: "Учитель" },
        color: "#f59e0b",
        permissions: union(moderation, bitsOf("manageChannels", "mentionEveryone")),
      },
      { name: { en: "Student", ru: "Ученик" }, color: "#0ea5e9", permissions: 0 },
    ],
    groups: [
      {
        name: null,
        channels: [
          { name: { en: "announcements", ru: "объявления" }, isNews: true },
          { name: { en: "homework", ru: "домашка" } },
          { name: { en: "questions", ru: "вопросы" } },
        ],
      },
      {
        name: { en: "Lessons", ru: "Уроки" },
        channels: [
          { name: { en: "lesson", ru: "урок" }, type: "stage" },
          { name: { en: "group work", ru: "работа в группе" }, type: "voice" },
        ],
      },
    ],
  },
  family: {
    roles: [],
    groups: [
      {
        name: null,
        channels: [
          general,
          { name: { en: "photos", ru: "фото" } },
          { name: { en: "plans", ru: "планы" }, topic: { en: "Who, when and where", ru: "Кто, когда и где" } },
          { name: { en: "shopping", ru: "покупки" } },
          { name: { en: "kitchen", ru: "кухня" }, type: "voice" },
        ],
      },
    ],
  },
};
