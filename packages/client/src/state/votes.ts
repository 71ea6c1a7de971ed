import type { OwnVote } from "@miscord/protocol";
import type { ClientState } from "./types.ts";

/** The state with the user's vote in a poll, unless a later one is known. */
export function withVote(state: ClientState, messageId: number, { answers, seq }: OwnVote): ClientState {
  if ((state.votes[messageId]?.seq ?? 0) > seq) return state;
  return { ...state, votes: { ...state.votes, [messageId]: { answers, seq } } };
}
