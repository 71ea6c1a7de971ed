import type { ClientState } from "@miscord/client";
import { create } from "zustand";
import { notificationsIn } from "../../core/unread.ts";

interface Answered {
  /** Tokens of rings that were answered or declined here, until the server has ended them. */
  tokens: ReadonlySet<string>;
}

export const useAnswered = create<Answered>(() => ({ tokens: new Set() }));

export function markAnswered(token: string): void {
  useAnswered.setState(({ tokens }) => ({ tokens: new Set([...tokens, token]) }));
}

/** The ring of the user in a private channel, unless they have silenced it. */
export function ringOf(state: ClientState, channelId: number, { tokens }: Answered) {
  const meId = state.session.me?.id;
  const ring = state.dms[channelId]?.rings.find(({ user_id }) => user_id === meId);
  return ring && !tokens.has(ring.token) && !notificationsIn(state, channelId).isSilenced ? ring : undefined;
}

/** Private channels whose call rings the user. */
export function ringingIds(state: ClientState, answered: Answered): number[] {
  return Object.keys(state.dms)
    .map(Number)
    .filter((id) => state.dms[id]!.rings.length > 0 && ringOf(state, id, answered));
}
