import type { OwnVote } from "@miscord/protocol";
import type { Votes } from "../client.ts";
import type { ClientContext } from "../client-context.ts";
import { withVote } from "../state/votes.ts";

const pathOf = (messageId: number) => `/api/messages/${messageId}/vote`;

/** Loads what the user has chosen in a poll. */
async function load({ rest, update }: ClientContext, messageId: number): Promise<void> {
  const own = await rest.call<OwnVote>("GET", pathOf(messageId));
  update((state) => withVote(state, messageId, own));
}

/** Shown at once, and taken back if the server refuses it. */
async function cast(
  { rest, update, state }: ClientContext,
  messageId: number,
  answers: readonly number[],
): Promise<void> {
  const before = state().votes[messageId] ?? { answers: [], seq: 0 };
  update((current) => withVote(current, messageId, { answers: [...answers], seq: before.seq }));
  try {
    const own = await rest.call<OwnVote>("PUT", pathOf(messageId), { body: { answers } });
    update((current) => withVote(current, messageId, own));
  } catch (error) {
    if (state().votes[messageId]?.seq === before.seq) update((current) => withVote(current, messageId, before));
    throw error;
  }
}

export function votesOf(context: ClientContext): Votes {
  return {
    load: (messageId) => load(context, messageId),
    cast: (messageId, answers) => cast(context, messageId, answers),
  };
}
