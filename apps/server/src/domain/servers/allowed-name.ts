import { can } from "@miscord/rights";
import { compiledRules } from "../../automod/rule-cache.ts";
import type { CompiledRule } from "../../automod/rules.ts";
import { Turns } from "../../concurrency/turns.ts";
import { AppError } from "../../errors.ts";
import type { AutomodMatch } from "../../store/contract.ts";
import { serverAccess } from "../../store/queries/access.ts";
import { serversWithRules, storedRules, type NamingServer } from "../../store/queries/automod.ts";
import { memberOf } from "../../store/queries/members.ts";
import { userById } from "../../store/queries/users.ts";
import type { UserRow } from "../../store/schema.ts";
import type { Actor, DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "clock" | "automod">;

/** Milliseconds after which other work has its turn: a person may be in many servers with rules. */
const turnMs = 5;

/**
 * Compares a name that the actor sets with the rules that check names: of the server, or with null, as for a display name,
 * of all servers of the actor. What the rules say happens as with a message. Throws `automod_blocked`, with the words of the
 * rule, when one of them blocks; of another server than the named one with the server's name before them.
 */
export async function requireAllowedName(
  context: Context,
  actor: Actor,
  { name, serverId }: { name: string; serverId: number | null },
): Promise<void> {
  const { db } = context.store;
  const servers = await serversWithRules(db, actor.userId, serverId);
  const user = servers.length > 0 ? await userById(db, actor.userId) : undefined;
  if (!user) return;
  const turns = new Turns(turnMs);
  const met: AutomodMatch[] = [];
  for (const server of servers) {
    const found = await matchesIn(context, server, user, { text: name, channel: null });
    await turns.pause();
    const blocking = found.find(({ actions }) => actions.block);
    if (blocking) {
      await context.automod(found, null);
      const message = serverId === null ? `${server.name}: ${blocking.message}` : blocking.message;
      throw new AppError("automod_blocked", message);
    }
    met.push(...found);
  }
  for (const matches of Map.groupBy(met, (match) => match.serverId).values()) await context.automod(matches, null);
}

/** Where a thread is: what one that some member does not see is called is not told elsewhere. */
interface ParentChannel {
  id: number;
  name: string;
  isRestricted: boolean;
}

/**
 * The same for the name of a thread, which those who see its parent read as they read messages: all rules hold that do there.
 * Throws `automod_blocked`.
 */
export async function requireAllowedTitle(
  context: Context,
  actor: Actor,
  { title, serverId, channel }: { title: string; serverId: number; channel: ParentChannel },
): Promise<void> {
  const { db } = context.store;
  const [server] = await serversWithRules(db, actor.userId, serverId);
  const user = server && (await userById(db, actor.userId));
  if (!user) return;
  const met = await matchesIn(context, server, user, { text: title, channel });
  await context.automod(met, null);
  const blocking = met.find(({ actions }) => actions.block);
  if (blocking) throw new AppError("automod_blocked", blocking.message);
}

/** `channel`: of a thread's name; null: the name of the user. */
async function matchesIn(
  { store, clock }: Context,
  server: NamingServer,
  user: UserRow,
  { text: written, channel }: { text: string; channel: ParentChannel | null },
): Promise<AutomodMatch[]> {
  const { db } = store;
  const { id: serverId, automod_version: version } = server;
  const set =
    compiledRules.rulesOf(serverId, version) ??
    (await compiledRules.keep(serverId, version, await storedRules(db, serverId)));
  const checking = set.rules.filter(({ rule }) =>
    channel ? !rule.exempt_channel_ids.includes(channel.id) : rule.checks_names,
  );
  if (checking.length === 0) return [];
  const text = set.textOf({
    content: written,
    mentions: 0,
    accountSince: user.created_at,
    at: clock.now(),
    earlier: [],
  });
  const met = checking.filter(({ test }) => test(text) !== undefined);
  if (met.length === 0) return [];
  const access = await serverAccess(db, user.id, serverId, clock.now());
  if (!access || can(access, "manageGuild") || can(access, "administrator")) return [];
  const member = await memberOf(db, serverId, user.id);
  const roleIds = new Set([access.everyoneRoleId, ...(member?.role_ids ?? [])]);
  const isExempt = ({ rule }: CompiledRule) => rule.exempt_role_ids.some((roleId) => roleIds.has(roleId));
  return met
    .filter((one) => !isExempt(one))
    .map(({ rule }) => ({
      ruleId: rule.id,
      ruleName: rule.name,
      message: rule.message,
      actions: rule.actions,
      serverId,
      ownerId: server.owner_id,
      channel,
      author: { id: user.id, username: user.username },
      text: written,
      isName: channel === null,
    }));
}
