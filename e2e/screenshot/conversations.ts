import type { Locale } from "@miscord/protocol";

export interface Line {
  by: string;
  text: string;
  /** Minutes before now. */
  ago: number;
  /** Index of the line that this one replies to. */
  replyTo?: number;
  reactions?: Record<string, readonly string[]>;
  withPicture?: boolean;
}

export interface Conversation {
  server: string;
  channels: readonly string[];
  /** The first is the one whose screen is pictured; the last is offline. */
  people: readonly { name: string; username: string; color: string }[];
  pictureName: string;
  lines: readonly Line[];
}

/** The conversations on the pictures of the README. */
export const conversations: Record<Locale, Conversation> = {
  en: {
    server: "Friday players",
    channels: ["plans", "rules", "photos"],
    people: [
      { name: "Mira", username: "mira", color: "#e07b39" },
      { name: "Tom", username: "tom", color: "#3d87d6" },
      { name: "Aiko", username: "aiko", color: "#8e5bd0" },
      { name: "Jonas", username: "jonas", color: "#2f9e6e" },
      { name: "Inès", username: "ines", color: "#c2559d" },
    ],
    pictureName: "islands.png",
    lines: [
      { by: "tom", text: "Friday at seven, same table? I have the expansion **and** the good snacks.", ago: 62 },
      { by: "jonas", text: "In. If the train permits 🚆", ago: 58 },
      {
        by: "aiko",
        text: "I made the scoring count itself, so nobody argues with Tom again:\n```ts\nconst score = islands\n  .filter((island) => island.owner === player)\n  .reduce((sum, island) => sum + island.size ** 2, 0);\n```",
        ago: 41,
        reactions: { "❤️": ["mira", "tom", "jonas"], "🎲": ["tom"] },
      },
      { by: "tom", text: "I object. ~~Squares are unfair~~ Squares are fine.", ago: 38, replyTo: 2 },
      {
        by: "aiko",
        text: "And this is the map for Friday. @mira, is it too much water?",
        ago: 12,
        withPicture: true,
        reactions: { "😍": ["mira", "jonas"] },
      },
      { by: "mira", text: "It is perfect. I call the island with the ||volcano||.", ago: 9 },
    ],
  },
  ru: {
    server: "Игры по пятницам",
    channels: ["планы", "правила", "фото"],
    people: [
      { name: "Мира", username: "mira", color: "#e07b39" },
      { name: "Тимур", username: "timur", color: "#3d87d6" },
      { name: "Ася", username: "asya", color: "#8e5bd0" },
      { name: "Женя", username: "zhenya", color: "#2f9e6e" },
      { name: "Инна", username: "inna", color: "#c2559d" },
    ],
    pictureName: "острова.png",
    lines: [
      { by: "timur", text: "В пятницу в семь, стол тот же? Принесу дополнение **и** вкусное.", ago: 62 },
      { by: "zhenya", text: "Буду. Если электричка не подведёт 🚆", ago: 58 },
      {
        by: "asya",
        text: "Очки теперь считаются сами, чтобы никто больше не спорил с Тимуром:\n```ts\nconst score = islands\n  .filter((island) => island.owner === player)\n  .reduce((sum, island) => sum + island.size ** 2, 0);\n```",
        ago: 41,
        reactions: { "❤️": ["mira", "timur", "zhenya"], "🎲": ["timur"] },
      },
      { by: "timur", text: "Протестую. ~~Квадраты — это нечестно~~ Ладно, квадраты годятся.", ago: 38, replyTo: 2 },
      {
        by: "asya",
        text: "А это карта на пятницу. @mira, не слишком много воды?",
        ago: 12,
        withPicture: true,
        reactions: { "😍": ["mira", "zhenya"] },
      },
      { by: "mira", text: "Идеально. Чур, мой остров — с ||вулканом||.", ago: 9 },
    ],
  },
};
