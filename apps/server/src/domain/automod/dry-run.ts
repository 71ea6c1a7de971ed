import { automodLimits, type AutomodDryRun, type AutomodRuleFields } from "@miscord/protocol";
import { can } from "@miscord/rights";
import { CheckedText, compileRule, countMentions, type CompiledRule } from "../../automod/rules.ts";
import { Turns } from "../../concurrency/turns.ts";
import { AppError } from "../../errors.ts";
import { channelAccess } from "../../store/queries/access.ts";
import { pastMessages, type PastMessage } from "../../store/queries/automod.ts";
import { visibleChannelIds } from "../../store/queries/visible-channels.ts";
import { serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates">;

/** Of one page: messages looked at, hits, channels asked for, and milliseconds after which it ends. */
const atMost = { messages: 1_000, hits: 25, channels: 40, ms: 500 };
/** Milliseconds after which other work has its turn. */
const turnMs = 5;

/** Where the next page begins: in this channel, below this position. */
interface Place {
  readonly channelId: number;
  readonly below: number;
}

/**
 * Messages of the last week that would have met the rule, in channels whose history the actor reads: a page, and where to
 * go on. Exempt channels are left out, exempt roles are not: nobody knows who had them then. Each message is looked at by
 * itself, so that of repeats only those within a message are found. Throws `not_found`, `forbidden`, `invalid_request` or
 * `rate_limited`.
 */
export async function dryRun(
  context: Context,
  actor: Actor,
  serverId: number,
  { rule, cursor }: { rule: AutomodRuleFields; cursor?: string | undefined },
): Promise<AutomodDryRun> {
  await serverCommand(context, actor, serverId, "manageGuild");
  await context.rates.searches.spend(actor.userId);
  const { store, clock } = context;
  const compiled = compileRule({ ...rule, id: 0 });
  const since = clock.now() - automodLimits.dryRunSeconds * 1_000;
  const from = cursor === undefined ? null : placeOf(cursor);
  const ids = (await visibleChannelIds(store.db, actor.userId, serverId))
    .filter((id) => !rule.exempt_channel_ids.includes(id) && (from === null || id >= from.channelId))
    .toSorted((a, b) => a - b);
  const turns = new Turns(turnMs);
  const endsAt = performance.now() + atMost.ms;
  const isOver = () => performance.now() > endsAt;
  const hits: AutomodDryRun["hits"] = [];
  let checked = 0;
  let next: Place | null = null;
  for (const [index, channelId] of ids.entries()) {
    const below = channelId === from?.channelId ? from.below : Number.MAX_SAFE_INTEGER;
    next = { channelId, below };
    if (index >= atMost.channels || checked >= atMost.messages || isOver()) break;
    next = null;
    const access = await channelAccess(store.db, actor.userId, channelId, clock.now());
    if (!access || !can(access, "readMessageHistory")) continue;
    const limit = atMost.messages - checked;
    const rows = await pastMessages(store.db, channelId, { below, limit });
    for (const row of rows) {
      // Asked for in SQL, a quiet channel would be read back to its first message.
      if (row.created_at < since) break;
      checked += 1;
      const match = matchIn(compiled, row);
      if (match !== undefined) {
        const message = await store.log.message(row.id);
        if (message && !message.is_deleted) hits.push({ message, match });
      }
      await turns.pause();
      next = { channelId, below: row.seq };
      if (hits.length >= atMost.hits || isOver()) break;
      next = null;
    }
    const last = rows.at(-1);
    if (!next && last && rows.length === limit && last.created_at >= since) next = { channelId, below: last.seq };
    if (next) break;
  }
  return { hits, checked, cursor: next && `${next.channelId}.${next.below}` };
}

function matchIn({ rule, test }: CompiledRule, row: PastMessage): AutomodDryRun["hits"][number]["match"] | undefined {
  const shared = { accountSince: row.account_since, at: row.created_at, earlier: [] };
  const match = test(new CheckedText({ content: row.content, mentions: countMentions(row.content), ...shared }));
  if (match !== undefined || !rule.checks_names) return match;
  const names = [row.display_name, row.username, ...(row.nickname === null ? [] : [row.nickname])];
  return names.some((name) => test(new CheckedText({ content: name, mentions: 0, ...shared })) !== undefined)
    ? null
    : undefined;
}

function placeOf(cursor: string): Place {
  const [channelId, below] = cursor.split(".").map(Number);
  if (Number.isSafeInteger(channelId) && Number.isSafeInteger(below)) return { channelId: channelId!, below: below! };
  throw new AppError("invalid_request", "This is no cursor of a dry run.");
}
