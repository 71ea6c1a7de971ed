import type { Message } from "./model.ts";

/** What a message has besides its text, written out for clients that know no polls, forwarded messages and pins: version 1's. */
export function textBeside({ poll, forwarded, notice }: Pick<Message, "poll" | "forwarded" | "notice">): string {
  const answers = poll?.answers.map(({ text, votes }, place) => `\n${place + 1}. ${text} — ${votes}`) ?? [];
  const lines = forwarded?.content.split("\n").map((line) => `\n> ${line}`) ?? [];
  return [...answers, ...lines, ...(notice ? ["📌 Pinned a message."] : [])].join("");
}
