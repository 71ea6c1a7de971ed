import type { Voters } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls around polls, apart from `Rest` so that only their screens load them. */
export function pollCalls({ call }: Pick<Rest, "call">) {
  return {
    /** Those who chose the answer, by their ids. */
    voters: (messageId: number, answer: number, after?: number) =>
      call<Voters>("GET", `/api/messages/${messageId}/voters`, { query: { answer, after } }),
    /** For the author and those who manage messages. */
    close: (messageId: number) => call<void>("POST", `/api/messages/${messageId}/poll/close`),
  };
}
