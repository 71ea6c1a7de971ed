import { automodLimits, type AutomodRule, type AutomodRuleFields } from "@miscord/protocol";
import { can, checkInServer } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { channelAccess, type ServerAccess } from "../../store/queries/access.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import * as queries from "../../store/queries/automod.ts";
import { visibleChannelIds } from "../../store/queries/visible-channels.ts";
import type { Tables } from "../../store/schema.ts";
import { requireAllowed, requireStill, serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;
type Db = Kysely<Tables>;

/** The server's rules, for those who manage it, without channels that they do not see. Throws `not_found`, `forbidden`. */
export async function listAutomodRules(context: Context, actor: Actor, serverId: number): Promise<AutomodRule[]> {
  await serverCommand(context, actor, serverId, "manageGuild");
  const { db } = context.store;
  const seen = new Set(await visibleChannelIds(db, actor.userId, serverId));
  return (await queries.automodRules(db, serverId)).map((rule) => withoutUnseen(rule, seen));
}

/** Needs the permissions for what the rule does. Throws `not_found`, `forbidden`, `invalid_request` (the alert's channel), `limit_reached` or `rate_limited`. */
export async function createAutomodRule(
  context: Context,
  actor: Actor,
  serverId: number,
  fields: AutomodRuleFields,
): Promise<AutomodRule> {
  const access = await serverCommand(context, actor, serverId, "manageGuild");
  requireActions(access, fields);
  await requireAlertChannel(context, actor, serverId, fields.actions.alert_channel_id);
  const rule = await context.store.db.transaction().execute(async (db) => {
    requireActions(await requireStill(context, db, actor, { serverId, permission: "manageGuild" }), fields);
    const others = await queries.automodRules(db, serverId);
    if (others.length >= automodLimits.rulesPerServer) {
      throw new AppError("limit_reached", `A server has at most ${automodLimits.rulesPerServer} rules.`);
    }
    requireFewWords([...others, fields], others);
    const rule = await queries.insertAutomodRule(db, serverId, fields, context.clock.now());
    await finish(context, db, actor, { rule, action: "automod_rule_create", changes: changesOf(noRule, told(fields)) });
    return rule;
  });
  await announce(context, serverId);
  return rule;
}

/** Channels that the actor does not see stay as they are. Throws as `createAutomodRule` does. */
export async function changeAutomodRule(
  context: Context,
  actor: Actor,
  ruleId: number,
  patch: { readonly [Field in keyof AutomodRuleFields]?: AutomodRuleFields[Field] | undefined },
): Promise<AutomodRule> {
  const { db } = context.store;
  const { rule: before } = await managedRule(context, actor, ruleId);
  const { server_id: serverId } = before;
  const seen = new Set(await visibleChannelIds(db, actor.userId, serverId));
  const alertId = patch.actions?.alert_channel_id;
  // One that the actor does not see is refused whether it is the rule's or not.
  const isKept = alertId === before.actions.alert_channel_id && alertId !== null && seen.has(alertId);
  if (alertId !== undefined && !isKept) await requireAlertChannel(context, actor, serverId, alertId);
  const rule = await db.transaction().execute(async (db) => {
    const access = await requireStill(context, db, actor, { serverId, permission: "manageGuild" });
    const current = await queries.automodRule(db, ruleId);
    if (!current) throw noSuchRule();
    const { id: _id, server_id: _serverId, ...fields } = current;
    const after = withUnseen({ ...fields, ...(patch as Partial<AutomodRuleFields>) }, current, seen);
    requireActions(access, after);
    const others = (await queries.automodRules(db, serverId)).filter(({ id }) => id !== ruleId);
    requireFewWords([...others, after], [...others, fields]);
    await queries.updateAutomodRule(db, ruleId, after);
    const rule = { ...after, id: ruleId, server_id: serverId };
    await finish(context, db, actor, {
      rule,
      action: "automod_rule_update",
      changes: changesOf(told(fields), told(after)),
    });
    return rule;
  });
  await announce(context, serverId);
  return withoutUnseen(rule, seen);
}

export async function deleteAutomodRule(context: Context, actor: Actor, ruleId: number): Promise<void> {
  const { rule } = await managedRule(context, actor, ruleId);
  await context.store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId: rule.server_id, permission: "manageGuild" });
    await queries.deleteAutomodRule(db, ruleId);
    const changes = changesOf<Told>(told(rule), noRule);
    await finish(context, db, actor, { rule, action: "automod_rule_delete", changes });
  });
  await announce(context, rule.server_id);
}

type Worded = readonly Pick<AutomodRuleFields, "trigger">[];

/** Rules from before a limit may have more, and are changed as long as that does not grow. */
function requireFewWords(after: Worded, before: Worded): void {
  const { wordsPerServer, lettersPerServer } = automodLimits;
  const [has, had] = [wordsIn(after), wordsIn(before)];
  if (has.words > Math.max(wordsPerServer, had.words)) {
    throw new AppError("limit_reached", `The rules of a server have at most ${wordsPerServer} words.`);
  }
  if (has.letters > Math.max(lettersPerServer, had.letters)) {
    throw new AppError(
      "limit_reached",
      `The words of a server's rules have at most ${lettersPerServer} letters together.`,
    );
  }
}

function wordsIn(rules: Worded): { words: number; letters: number } {
  const words = rules.flatMap(({ trigger }) =>
    trigger.kind === "words" ? [...trigger.words, ...trigger.allowed] : [],
  );
  return { words: words.length, letters: words.reduce((sum, word) => sum + word.length, 0) };
}

/** A rule does nothing that who makes or changes it may not do. Throws `forbidden`. */
function requireActions(access: ServerAccess, { actions }: Pick<AutomodRuleFields, "actions">): void {
  if (actions.timeout_s > 0) requireAllowed(checkInServer(access, "moderateMembers"), "server");
  if (actions.delete) requireAllowed(checkInServer(access, "manageMessages"), "server");
}

async function managedRule(
  context: Context,
  actor: Actor,
  ruleId: number,
): Promise<{ rule: AutomodRule; access: ServerAccess }> {
  const rule = await queries.automodRule(context.store.db, ruleId);
  if (!rule) {
    await context.rates.changes.spend(actor.userId);
    throw noSuchRule();
  }
  try {
    return { rule, access: await serverCommand(context, actor, rule.server_id, "manageGuild") };
  } catch (error) {
    throw error instanceof AppError && error.code === "not_found" ? noSuchRule() : error;
  }
}

const noSuchRule = () => new AppError("not_found", "There is no such rule.");

/** Alerts are written in the owner's name, who may write everywhere. */
async function requireAlertChannel(
  { store, clock }: Context,
  { userId }: Actor,
  serverId: number,
  channelId: number | null,
): Promise<void> {
  if (channelId === null) return;
  const access = await channelAccess(store.db, userId, channelId, clock.now());
  const seen = new Set(await visibleChannelIds(store.db, userId, serverId));
  const isInServer = access?.serverId === serverId && access.type === "text" && seen.has(channelId);
  if (isInServer && can(access, "sendMessages")) return;
  throw new AppError("invalid_request", "Alerts go into a text channel of the server in which you may write.");
}

/** What the audit log tells of a rule: no channels, which its readers may not see. */
interface Told {
  name: string | null;
  enabled: boolean | null;
  trigger: string | null;
  actions: string | null;
}

const noRule: Told = { name: null, enabled: null, trigger: null, actions: null };
const toldLength = 300;

function told({ name, enabled, trigger, actions }: AutomodRuleFields): Told {
  const { kind, ...settings } = trigger;
  const values = Object.entries(settings).map(([field, value]) => `${field}: ${[value].flat().join(", ")}`);
  const done = [
    ...(actions.block ? ["block"] : []),
    ...(actions.delete ? ["delete"] : []),
    ...(actions.alert_channel_id === null ? [] : ["alert"]),
    ...(actions.timeout_s > 0 ? [`timeout ${actions.timeout_s} s`] : []),
  ];
  const text = `${kind} (${values.join("; ")})`;
  return { name, enabled, trigger: text.slice(0, toldLength).toWellFormed(), actions: done.join(", ") };
}

type Recorded = Pick<Parameters<typeof recordAction>[1], "action" | "changes"> & { rule: AutomodRule };

/** Ends the transaction of a change: nodes read the rules anew, and the audit log has it. */
async function finish({ clock }: Context, db: Db, { userId }: Actor, { rule, action, changes = [] }: Recorded) {
  await queries.renewVersion(db, rule.server_id);
  const about = { serverId: rule.server_id, actorId: userId, at: clock.now(), subject: rule.name };
  await recordAction(db, { ...about, action, changes });
}

/** Members who manage a server are few; where everybody does, those beyond load the rules when they open the screen. */
const toldAtMost = 500;

async function announce(context: Context, serverId: number): Promise<void> {
  for (const userId of await queries.managersOf(context.store.db, serverId, toldAtMost)) {
    publish(context, `user:${userId}`, { type: "automod_rules_changed", server_id: serverId });
  }
}

function withoutUnseen(rule: AutomodRule, seen: ReadonlySet<number>): AutomodRule {
  const alertId = rule.actions.alert_channel_id;
  return {
    ...rule,
    actions: { ...rule.actions, alert_channel_id: alertId !== null && seen.has(alertId) ? alertId : null },
    exempt_channel_ids: rule.exempt_channel_ids.filter((id) => seen.has(id)),
  };
}

/** The fields with what of the stored rule the actor does not see, and so could not send. */
function withUnseen(
  fields: AutomodRuleFields,
  stored: AutomodRuleFields,
  seen: ReadonlySet<number>,
): AutomodRuleFields {
  const hidden = stored.exempt_channel_ids.filter((id) => !seen.has(id));
  const alertId = stored.actions.alert_channel_id;
  const keepsAlert = fields.actions.alert_channel_id === null && alertId !== null && !seen.has(alertId);
  return {
    ...fields,
    actions: keepsAlert ? { ...fields.actions, alert_channel_id: alertId } : fields.actions,
    exempt_channel_ids: [...new Set([...fields.exempt_channel_ids, ...hidden])],
  };
}
