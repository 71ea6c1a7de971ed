import { readFileSync } from "node:fs";
import type { AutomodTrigger } from "@miscord/protocol";

/** The rules that the written-down messages are compared with. */
export const triggers: readonly AutomodTrigger[] = [
  {
    kind: "words",
    forms: true,
    words: [
      "казино",
      "спам",
      "наркотик",
      "идиот",
      "придурок",
      "лох",
      "дебил",
      "ставки на спорт",
      "*порн*",
      "*говн*",
      "casino",
      "viagra",
      "scam",
      "idiot",
      "moron",
      "ass",
      "free nitro",
      "*porn*",
      "*cum*",
    ],
    allowed: [
      ..."*спорн* *упорн* *опорн* *топорн* *напорн* *запорн* *порник*".split(" "),
      ..."*docum* *cucum* *circum* *accum* *incum* *succum* *cumul* cum cumbersome".split(" "),
    ],
  },
  {
    kind: "links",
    mode: "only",
    domains: ["bad-casino.com", "spam.ru", "grabify.link", "скидки.рф"],
    account_age_days: 0,
  },
  { kind: "invites", allowed: ["discord.gg/friends"] },
  { kind: "mentions", most: 5 },
  { kind: "repeats", times: 3, window_s: 60, in_message: 8 },
  { kind: "capitals", percent: 70, letters: 15 },
  { kind: "emoji", most: 10 },
];

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}

/**
 * What people write to get round the rules, by the trick. The last are found by none of the means of the others, and
 * written down all the same.
 */
export const evasions = read("evasions.json") as Readonly<Record<string, readonly string[]>>;

/** Messages that meet no rule. */
export const innocents = read("innocents.json") as readonly string[];
