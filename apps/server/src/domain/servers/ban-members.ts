import type { BulkBanAnswer } from "@miscord/protocol";
import type { Budget } from "../../cluster/contract.ts";
import { AppError } from "../../errors.ts";
import { serverCommand } from "../access.ts";
import type { Actor } from "../context.ts";
import { banMember, type BanInput } from "./bans.ts";

type Context = Parameters<typeof banMember>[0];

/** More people count as further changes: each is a transaction of its own. */
const peoplePerChange = 20;

/** What somebody cannot be banned for; other errors end the command. */
const refusals: ReadonlySet<string> = new Set(["forbidden", "not_found", "invalid_request", "conflict"]);

/**
 * Bans many people for ever, such as those of a raid; whoever cannot be banned is left out. Throws `not_found`, `forbidden`
 * or `rate_limited`.
 */
export async function banMembers(
  context: Context,
  actor: Actor,
  { userIds, ...input }: Omit<BanInput, "userId" | "expiresAt"> & { userIds: readonly number[] },
): Promise<BulkBanAnswer> {
  await serverCommand(context, actor, input.serverId, "banMembers");
  const { changes } = context.rates;
  const people = new Set(userIds);
  const more = Math.floor(people.size / peoplePerChange);
  if (more > 0) await changes.spend(actor.userId, Math.min(more, changes.rate.burst - 1));
  const rates = { ...context.rates, changes: free(changes) };
  const answer: BulkBanAnswer = { banned_users: [], failed_users: [] };
  for (const userId of people) {
    try {
      await banMember({ ...context, rates }, actor, { ...input, userId, expiresAt: null });
      answer.banned_users.push(userId);
    } catch (error) {
      if (!(error instanceof AppError) || !refusals.has(error.code)) throw error;
      answer.failed_users.push(userId);
    }
  }
  return answer;
}

function free({ rate }: Budget): Budget {
  return { rate, take: () => 0, spend() {}, refund() {}, charge() {} };
}
