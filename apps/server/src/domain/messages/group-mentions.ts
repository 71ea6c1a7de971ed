import { requireTokens } from "../../concurrency/token-buckets.ts";
import type { EditCommand, LogOutcome, SendCommand, Store } from "../../store/contract.ts";
import { hasNonce } from "../../store/queries/messages.ts";
import { countNotified } from "../../store/queries/notified-people.ts";
import { isStorable } from "../../store/storable.ts";
import type { DomainContext } from "../context.ts";

/** So many are counted until the message is stored, and it is known how many they are. */
const presumed = 2_000;

interface GroupText {
  /** Of a webhook's message who made the webhook. */
  authorId: number;
  fields: Pick<SendCommand, "mentionsEveryone" | "mentionRoles" | "hereIds">;
  /** Of a message that is sent, if it has one. */
  nonce?: string | undefined;
  /** The text replaces that of a message. */
  isEdit?: true;
}

/** What holds for the command of a text. */
type Limit = Pick<EditCommand, "groupWaitMs">;

/**
 * Stores what addresses everyone, those online or roles only while its author's earlier messages have not notified too many:
 * one message to a large server is thousands of notifications. An edit that addresses the same groups again passes, which the
 * log decides, and so does a message that is sent once more since its answer was lost: they notify nobody. Unless it has to ask
 * for that, or other nodes, calls `commit` at once. @throws AppError `rate_limited`
 */
export async function withinGroupBudget(
  context: Pick<DomainContext, "store" | "rates">,
  text: GroupText,
  commit: (limit: Limit) => Promise<LogOutcome>,
): Promise<LogOutcome> {
  const { authorId, fields } = text;
  if (!fields.mentionsEveryone && !fields.hereIds && !fields.mentionRoles?.length) return commit({});
  const { notifiedPeople } = context.rates;
  const taken = notifiedPeople.take(authorId, presumed);
  const waitMs = typeof taken === "number" ? taken : await taken;
  if (waitMs > 0) {
    if (text.isEdit) return commit({ groupWaitMs: waitMs });
    if (!(await isStored(context.store, text))) requireTokens(waitMs);
    return commit({});
  }
  const settle = (reached: number) => notifiedPeople.charge(authorId, reached - presumed);
  let outcome: LogOutcome | null = null;
  try {
    outcome = await commit({});
    return outcome;
  } finally {
    // The author does not wait for the number; without it the presumed one stays.
    void reachedBy(outcome, context.store).then(settle, () => {});
  }
}

async function reachedBy(outcome: LogOutcome | null, { db }: Store): Promise<number> {
  if (!outcome?.ok || !outcome.event || !outcome.message || !outcome.notifiedEveryone) return 0;
  // Whoever takes a message back at once has notified people all the same.
  return (await countNotified(db, outcome.message.id)) ?? presumed;
}

/** With this nonce, of which the log stores no second message. */
async function isStored({ db }: Store, { authorId, nonce }: GroupText): Promise<boolean> {
  return nonce !== undefined && isStorable(nonce) && (await hasNonce(db, authorId, nonce));
}
