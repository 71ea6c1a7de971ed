import type { Message } from "./model.ts";

/** What a message has besides its text, written out for clients that know no polls and forwarded messages: version 1's. */
export function textBeside({ poll, forwarded }: Pick<Message, "poll" | "forwarded">): string {
  const answers = poll?.answers.map(({ text, votes }, place) => `\n${place + 1}. ${text} — ${votes}`) ?? [];
  const lines = forwarded?.content.split("\n").map((line) => `\n> ${line}`) ?? [];
  return [...answers, ...lines].join("");
}
