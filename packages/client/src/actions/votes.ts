import type { OwnVote } from "@miscord/protocol";
import type { Choice, Votes } from "../client.ts";
import type { ClientContext } from "../client-context.ts";
import { withVote } from "../state/votes.ts";

const pathOf = (messageId: number) => `/api/messages/${messageId}/vote`;

/** Loads what the user has chosen in a poll. */
async function load({ rest, update }: ClientContext, messageId: number): Promise<void> {
  const own = await rest.call<OwnVote>("GET", pathOf(messageId));
  update((state) => withVote(state, messageId, own));
}

/** A vote on its way: what the user has chosen last, and when that is there. */
interface Sending {
  wanted: readonly number[];
  done: Promise<void>;
}

/** By poll. Two requests at a time could pass each other, and the earlier choice would stay. */
const sendings = new WeakMap<ClientContext, Map<number, Sending>>();

/** Shown at once, and taken back if the server refuses it. */
function cast(context: ClientContext, messageId: number, choice: Choice): Promise<void> {
  const ofAll = sendings.get(context) ?? new Map<number, Sending>();
  sendings.set(context, ofAll);
  const { answers, seq } = context.state().votes[messageId] ?? { answers: [], seq: 0 };
  const sending = ofAll.get(messageId);
  const wanted = typeof choice === "function" ? choice(sending?.wanted ?? answers) : [...choice];
  context.update((state) => withVote(state, messageId, { answers: [...wanted], seq }));
  if (sending) {
    sending.wanted = wanted;
    return sending.done;
  }
  const started: Sending = { wanted, done: Promise.resolve() };
  ofAll.set(messageId, started);
  started.done = send(context, messageId, started, { answers, seq }).finally(() => ofAll.delete(messageId));
  return started.done;
}

async function send(
  { rest, update, state }: ClientContext,
  messageId: number,
  sending: Sending,
  before: OwnVote,
): Promise<void> {
  let known = before;
  for (let isLast = false; !isLast;) {
    const { wanted } = sending;
    try {
      known = await rest.call<OwnVote>("PUT", pathOf(messageId), { body: { answers: wanted } });
    } catch (error) {
      if ((state().votes[messageId]?.seq ?? 0) <= known.seq) update((now) => withVote(now, messageId, known));
      throw error;
    }
    isLast = sending.wanted === wanted;
    const { seq } = known;
    const shown = isLast ? known : { answers: [...sending.wanted], seq };
    update((now) => withVote(now, messageId, shown));
  }
}

export function votesOf(context: ClientContext): Votes {
  return {
    load: (messageId) => load(context, messageId),
    cast: (messageId, choice) => cast(context, messageId, choice),
  };
}
