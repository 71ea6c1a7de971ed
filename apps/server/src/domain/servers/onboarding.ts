import { limits, type Onboarding, type OnboardingState, type Role, type Server } from "@miscord/protocol";
import { can, checkManageRole, mayChangePermissions, mayBeOffered } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import type { ServerAccess } from "../../store/queries/access.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import * as queries from "../../store/queries/onboarding.ts";
import { rolesOfServers } from "../../store/queries/roles.ts";
import { changeServerRow, serverById } from "../../store/queries/servers.ts";
import { visibleChannelIds } from "../../store/queries/visible-channels.ts";
import type { Tables } from "../../store/schema.ts";
import { requireStill, serverAccess, serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;
type Db = Kysely<Tables>;

/**
 * The onboarding as the actor may see it: without channels that they do not see and roles that are gone; what is switched
 * off is for those who manage the server. Throws `not_found`.
 */
export async function onboardingState(context: Context, actor: Actor, serverId: number): Promise<OnboardingState> {
  const { db } = context.store;
  const access = await serverAccess(context, actor, serverId);
  const since = (await serverById(db, serverId))?.onboarding_since ?? null;
  const answer_ids = (await queries.answersOf(db, serverId, actor.userId)) ?? [];
  if (since === null && !can(access, "manageGuild")) {
    return { onboarding: { enabled: false, welcome: "", channel_ids: [], questions: [] }, answer_ids };
  }
  const fields = await queries.onboardingOf(db, serverId);
  const onboarding = { enabled: since !== null, ...(await seenBy(db, actor.userId, serverId, fields)) };
  return { onboarding, answer_ids };
}

async function seenBy(db: Db, userId: number, serverId: number, fields: queries.OnboardingFields) {
  const visible = new Set(await visibleChannelIds(db, userId, serverId));
  const present = new Set((await rolesOfServers(db, [serverId])).map(({ id }) => id));
  return {
    ...fields,
    channel_ids: fields.channel_ids.filter((id) => visible.has(id)),
    questions: fields.questions.map((question) => ({
      ...question,
      answers: question.answers.map((answer) => ({
        ...answer,
        role_ids: answer.role_ids.filter((id) => present.has(id)),
        channel_ids: answer.channel_ids.filter((id) => visible.has(id)),
      })),
    })),
  };
}

/**
 * Sets the onboarding, for those who manage the server. Roles that an answer did not give before, or that it begins to give
 * because the onboarding is switched on, are below the actor's own, give nothing that the actor lacks and nothing over others.
 * Channels in it that the actor does not see stay in it. Throws `not_found`, `forbidden`, `invalid_request` or `rate_limited`.
 */
export async function changeOnboarding(
  context: Context,
  actor: Actor,
  serverId: number,
  { enabled, ...wanted }: Onboarding,
): Promise<OnboardingState> {
  const { store, clock } = context;
  await serverCommand(context, actor, serverId, "manageGuild");
  const now = clock.now();
  const { server, roles } = await store.db.transaction().execute(async (db) => {
    const access = await requireStill(context, db, actor, { serverId, permission: "manageGuild" });
    const before = await queries.onboardingOf(db, serverId);
    const since = (await serverById(db, serverId))?.onboarding_since ?? null;
    await requireOfferable(db, access, newRoles(since === null ? null : before, wanted));
    const fields = await withUnseen(db, actor.userId, serverId, { before, wanted });
    await queries.storeOnboarding(db, serverId, fields);
    const kept = since === null ? now : Date.parse(since);
    const changed = await changeServerRow(db, serverId, { onboarding_since: enabled ? kept : null });
    const marked = new Set(await queries.markOffered(db, serverId, rolesIn(fields)));
    const all = await rolesOfServers(db, [serverId]);
    const changes = changesOf(
      summary({ enabled: since !== null, ...before }, all),
      summary({ enabled, ...fields }, all),
    );
    const record = { serverId, actorId: actor.userId, action: "onboarding_update", at: now } as const;
    if (changes.length > 0) await recordAction(db, { ...record, changes });
    return { server: changed, roles: all.filter(({ id }) => marked.has(id)) };
  });
  if (!server) throw new AppError("not_found", "There is no such server.");
  announce(context, actor, server, roles);
  return onboardingState(context, actor, serverId);
}

function announce(context: Context, actor: Actor, server: Server, roles: readonly Role[]): void {
  const topic = `server:${server.id}` as const;
  for (const role of roles) publish(context, topic, { type: "role_updated", server_id: server.id, role });
  publish(context, topic, { type: "server_updated", server, actor_id: actor.userId });
}

const rolesIn = ({ questions }: Pick<Onboarding, "questions">) =>
  questions.flatMap(({ answers }) => answers.flatMap(({ role_ids }) => role_ids));

/** Ids of roles that some answer gives and did not give before; `before` is null while nothing was given. */
function newRoles(before: queries.OnboardingFields | null, after: queries.OnboardingFields): ReadonlySet<number> {
  const pairs = ({ questions }: queries.OnboardingFields) =>
    questions.flatMap(({ answers }) => answers.flatMap(({ id, role_ids }) => role_ids.map((role) => `${id} ${role}`)));
  const given = new Set(before ? pairs(before) : []);
  return new Set(pairs(after).flatMap((pair) => (given.has(pair) ? [] : Number(pair.split(" ")[1]))));
}

async function requireOfferable(db: Db, access: ServerAccess, roleIds: ReadonlySet<number>): Promise<void> {
  const all = new Map((await rolesOfServers(db, [access.serverId])).map((role) => [role.id, role]));
  const allowed = await queries.allowedInChannels(db, access.serverId, [...roleIds]);
  for (const id of roleIds) {
    const role = all.get(id);
    if (!role || role.position === 0)
      throw new AppError("invalid_request", "An answer gives a role that is not there.");
    if (checkManageRole(access, role.position) !== "allowed" || !mayChangePermissions(access, 0, role.permissions)) {
      throw new AppError("forbidden", `You cannot give the role ${role.name}.`, { details: { role_id: id } });
    }
    if (!mayBeOffered(role.permissions, allowed.get(id) ?? [])) {
      const text = `The role ${role.name} may do something to others, so nobody can give it to themselves.`;
      throw new AppError("forbidden", text, { details: { role_id: id } });
    }
  }
}

/** Channels that the actor sees; and those in what was set before that they do not see, which are kept. */
async function withUnseen(
  db: Db,
  userId: number,
  serverId: number,
  { before, wanted }: { before: queries.OnboardingFields; wanted: queries.OnboardingFields },
): Promise<queries.OnboardingFields> {
  const visible = new Set(await visibleChannelIds(db, userId, serverId));
  const answersBefore = new Map(
    before.questions.flatMap(({ answers }) => answers.map((answer) => [answer.id, answer])),
  );
  const merged = (ids: readonly number[], former: readonly number[] = []) => {
    const unknown = ids.find((id) => !visible.has(id));
    if (unknown !== undefined) throw new AppError("invalid_request", "There is no such channel.");
    const unseen = former.filter((id) => !visible.has(id));
    return [...new Set([...ids, ...unseen])].slice(0, limits.onboardingChannels);
  };
  return {
    welcome: wanted.welcome,
    channel_ids: merged(wanted.channel_ids, before.channel_ids),
    questions: wanted.questions.map((question) => ({
      ...question,
      answers: question.answers.map((answer) => ({
        ...answer,
        role_ids: [...new Set(answer.role_ids)],
        channel_ids: merged(answer.channel_ids, answersBefore.get(answer.id)?.channel_ids),
      })),
    })),
  };
}

/** For the audit log: the beginnings of texts are enough, and no channels, which not all of its readers see. */
function summary({ enabled, welcome, questions }: Onboarding, roles: readonly Role[]) {
  const given = new Set(rolesIn({ questions }));
  const start = (texts: readonly string[]) => texts.join(" · ").slice(0, limits.reasonLength);
  return {
    enabled,
    welcome: start([welcome]),
    questions: start(questions.map(({ text }) => text)),
    answers: start(questions.flatMap(({ answers }) => answers.map(({ text }) => text))),
    roles: start(roles.filter(({ id }) => given.has(id)).map(({ name }) => name)),
  };
}
