import { can } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import { serverAccess } from "../../store/queries/access.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import { isoOf, memberOf, setTimeOut } from "../../store/queries/members.ts";
import type { AutomodMatch } from "../../store/contract.ts";
import type { DomainContext } from "../context.ts";
import { deleteMessages } from "../messages/delete-messages.ts";
import type { AutomodActions } from "../ports.ts";
import { announceMember } from "../servers/rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "storage"> & {
  readonly rates: Pick<DomainContext["rates"], "alertsOfMember" | "alertsInChannel">;
};

/** Of a blocked text that an alert quotes. */
const quotedLength = 1_000;

/**
 * Does what the rules say that a message has met: deletes it, times its author out, tells the moderators. What fails goes
 * to `onError`: the author's command has succeeded or failed already.
 */
export function createAutomodActions(context: Context, onError: (error: unknown) => void): AutomodActions {
  return async (matches, messageId) => {
    try {
      const [first] = matches;
      if (!first) return;
      const timeoutS = Math.max(...matches.map(({ actions }) => actions.timeout_s));
      const isBlocked = matches.some(({ actions }) => actions.block);
      const isDeleted = !isBlocked && messageId !== null && matches.some(({ actions }) => actions.delete);
      if (isDeleted) await deleteMessages(context, first.author.id, [messageId]);
      const longest = matches.find(({ actions }) => actions.timeout_s === timeoutS)!;
      const isTimedOut = timeoutS > 0 && (await timeOut(context, longest));
      for (const match of matches) await alert(context, match, { isBlocked, isDeleted, isTimedOut });
    } catch (error) {
      onError(error);
    }
  };
}

/** False for moderators, who are spared. A time out that lasts longer already stays. */
async function timeOut(
  { store, bus, clock }: Context,
  { serverId, author, actions, ruleName }: AutomodMatch,
): Promise<boolean> {
  const now = clock.now();
  const access = await serverAccess(store.db, author.id, serverId, now);
  if (access && can(access, "moderateMembers")) return false;
  const until = now + actions.timeout_s * 1_000;
  const member = await store.db.transaction().execute(async (db) => {
    const before = await memberOf(db, serverId, author.id);
    if (!before || (before.timed_out_until !== null && Date.parse(before.timed_out_until) >= until)) return undefined;
    await setTimeOut(db, serverId, author.id, until);
    const changes = [{ field: "until", before: before.timed_out_until, after: isoOf(until) }];
    const about = { serverId, actorId: author.id, userId: author.id, subject: ruleName, at: now, changes };
    await recordAction(db, { ...about, action: "automod_timeout" });
    return memberOf(db, serverId, author.id);
  });
  if (member) announceMember({ bus }, serverId, member);
  return true;
}

interface Done {
  isBlocked: boolean;
  isDeleted: boolean;
  isTimedOut: boolean;
}

/** Writes into the rule's channel, in the name of the server's owner, who can always write there. */
async function alert(context: Context, match: AutomodMatch, done: Done): Promise<void> {
  const { store, clock, rates } = context;
  const channelId = match.actions.alert_channel_id;
  if (channelId === null) return;
  const waits = [
    await rates.alertsOfMember.take(`${channelId} ${match.author.id}`),
    await rates.alertsInChannel.take(channelId),
  ];
  if (waits.some((ms) => ms > 0)) return;
  const outcome = await store.log.commit({
    kind: "send",
    authorId: match.ownerId,
    channelId,
    content: alertText(match, done),
    nonce: null,
    replyToId: null,
    attachmentIds: [],
    mentionNames: [],
    mentionsEveryone: false,
    at: clock.now(),
  });
  // A channel that is gone is no failure.
  if (!outcome.ok && outcome.code !== "not_found") throw new AppError(outcome.code, outcome.message);
}

/** In no language. Tells nothing of a channel that some member does not see, except in that channel itself. */
function alertText(match: AutomodMatch, { isBlocked, isDeleted, isTimedOut }: Done): string {
  const { ruleName, author, channel, actions, text, isName } = match;
  const isShown = channel !== null && (!channel.isRestricted || channel.id === actions.alert_channel_id);
  const parts = [
    `🛡️ **AutoMod** · ${ruleName} · ${author.username}`,
    ...(isShown ? [`#${channel.name}`] : []),
    ...(isBlocked ? ["🚫"] : isDeleted ? ["🗑️"] : []),
    ...(isTimedOut && actions.timeout_s > 0 ? [`⏳ ${Math.ceil(actions.timeout_s / 60)} min`] : []),
  ];
  const heading = parts.join(" · ");
  return isShown || isName ? `${heading}\n${quoted(text)}` : heading;
}

function quoted(text: string): string {
  const shown = text.length > quotedLength ? `${text.slice(0, quotedLength).toWellFormed()}…` : text;
  const longest = Math.max(2, ...Array.from(shown.matchAll(/`+/g), ({ 0: run }) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${shown}\n${fence}`;
}
