import { limits, type OwnVote, type Voters } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { VoteCommand } from "../../store/contract.ts";
import type { PollRow } from "../../store/poll-tables.ts";
import { pollOf, voteOf, votersOf } from "../../store/queries/polls.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { withinCrowdBudget } from "../crowd-budget.ts";
import { requireCommitted } from "./require-committed.ts";
import { visibleMessage } from "./visible-message.ts";
import { votesInTurn } from "./votes-in-turn.ts";

type Context = Pick<DomainContext, "store" | "rates" | "clock" | "bus">;

/**
 * Replaces what the actor chose in a poll; no answers take the vote back. Resolves once durable, with the vote. Throws
 * `not_found`, `forbidden`, `conflict` (the poll is over), `invalid_request` or `rate_limited`.
 */
export async function vote(
  context: Context,
  { userId }: Actor,
  { messageId, answers }: { messageId: number; answers: readonly number[] },
): Promise<OwnVote> {
  const { store, clock } = context;
  await context.rates.changes.spend(userId);
  const places = answers.toSorted((a, b) => a - b);
  const command = (): VoteCommand => ({ kind: "vote", actorId: userId, messageId, answers: places, at: clock.now() });
  const commit = () => votesInTurn(store, clock)(messageId, () => store.log.commit(command()));
  requireCommitted(await withinCrowdBudget(context, userId, commit));
  const own = await voteOf(store.db, messageId, userId);
  publish(context, `user:${userId}`, { type: "poll_voted", message_id: messageId, ...own });
  return own;
}

/**
 * Ends a poll now, for its author and those who manage messages; one that is over stays so. Throws `not_found`, `forbidden`
 * or `rate_limited`.
 */
export async function closePoll({ store, rates, clock }: Context, { userId }: Actor, messageId: number): Promise<void> {
  await rates.changes.spend(userId);
  const commit = () => store.log.commit({ kind: "closePoll", actorId: userId, messageId, at: clock.now() });
  requireCommitted(await withinCrowdBudget({ rates }, userId, commit));
}

/** What the actor chose in a poll of a channel that they see. Throws `not_found`. */
export async function ownVote(context: Context, actor: Actor, messageId: number): Promise<OwnVote> {
  await visiblePoll(context, actor, messageId);
  return voteOf(context.store.db, messageId, actor.userId);
}

/** A page of those who chose the answer, unless the poll is anonymous (`forbidden`). Throws `not_found`. */
export async function voters(
  context: Context,
  actor: Actor,
  page: { messageId: number; answer: number; after?: number | undefined },
): Promise<Voters> {
  const poll = await visiblePoll(context, actor, page.messageId);
  if (poll.anonymous === 1) throw new AppError("forbidden", "Nobody learns who has voted in this poll.");
  return votersOf(context.store.db, { ...page, after: page.after ?? 0 }, limits.votersPage);
}

async function visiblePoll(context: Context, actor: Actor, messageId: number): Promise<PollRow> {
  await visibleMessage(context, actor, messageId);
  const poll = await pollOf(context.store.db, messageId);
  if (!poll) throw new AppError("not_found", "There is no such message.");
  return poll;
}
