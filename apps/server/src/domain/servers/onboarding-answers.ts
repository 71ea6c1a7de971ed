import type { Onboarding } from "@miscord/protocol";
import { mayBeOffered } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import { memberOf } from "../../store/queries/members.ts";
import * as queries from "../../store/queries/onboarding.ts";
import { giveRole, roleIdsOf, rolesOfServers, takeRole } from "../../store/queries/roles.ts";
import { serverById } from "../../store/queries/servers.ts";
import type { Tables } from "../../store/schema.ts";
import { serverAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { announceMember } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;
type Db = Kysely<Tables>;

/**
 * The actor's answers, in place of earlier ones: gives the roles of those that are new and takes the roles of those that are
 * not chosen any more. A role that has come to be over others is not given. Without any answer the questions are skipped,
 * which is possible unless one is required. Throws `not_found`, `invalid_request`, `conflict` (there is no onboarding) or
 * `rate_limited`.
 */
export async function answerOnboarding(
  context: Context,
  actor: Actor,
  serverId: number,
  answerIds: readonly number[],
): Promise<void> {
  const { store, clock, rates } = context;
  const { userId } = actor;
  await rates.changes.spend(userId);
  await serverAccess(context, actor, serverId);
  const changed = await store.db.transaction().execute(async (db) => {
    if (!(await serverById(db, serverId))?.onboarding_since) throw new AppError("conflict", "There is no onboarding.");
    const former = await queries.answersOf(db, serverId, userId);
    if (!former) throw new AppError("not_found", "There is no such server.");
    const fields = await queries.onboardingOf(db, serverId);
    const chosen = new Set(answerIds);
    requireComplete(fields, chosen);
    await queries.storeAnswers(db, { serverId, userId, answerIds: [...chosen], now: clock.now() });
    const names = await changeRoles(db, { serverId, userId }, rolesOfAnswers(fields, new Set(former), chosen));
    if (names.length > 0) {
      const record = { serverId, actorId: userId, action: "member_role_update", at: clock.now(), userId } as const;
      await recordAction(db, { ...record, changes: names });
    }
    return names.length > 0;
  });
  publish(context, `user:${userId}`, { type: "onboarded", server_id: serverId });
  const member = changed && (await memberOf(store.db, serverId, userId));
  if (member) announceMember(context, serverId, member);
}

type Questions = Pick<Onboarding, "questions">;

function requireComplete({ questions }: Questions, chosen: ReadonlySet<number>): void {
  const known = new Set(questions.flatMap(({ answers }) => answers.map(({ id }) => id)));
  if (!chosen.isSubsetOf(known)) throw new AppError("invalid_request", "There is no such answer.");
  for (const { text, many, required, answers } of questions) {
    const count = answers.filter(({ id }) => chosen.has(id)).length;
    if (required && count === 0) throw new AppError("invalid_request", `“${text}” needs an answer.`);
    if (!many && count > 1) throw new AppError("invalid_request", `“${text}” has one answer.`);
  }
}

/** Roles of answers that are new, and those of answers that are left, unless another one gives them. */
function rolesOfAnswers({ questions }: Questions, former: ReadonlySet<number>, chosen: ReadonlySet<number>) {
  const rolesOf = (ids: ReadonlySet<number>) =>
    new Set(
      questions.flatMap(({ answers }) => answers.filter(({ id }) => ids.has(id)).flatMap(({ role_ids }) => role_ids)),
    );
  const [before, after] = [rolesOf(former), rolesOf(chosen)];
  return { given: after, taken: before.difference(after) };
}

/** Returns what has changed, for the audit log. */
async function changeRoles(
  db: Db,
  { serverId, userId }: { serverId: number; userId: number },
  { given, taken }: { given: ReadonlySet<number>; taken: ReadonlySet<number> },
) {
  const held = new Set(await roleIdsOf(db, serverId, userId));
  const roles = await rolesOfServers(db, [serverId]);
  const allowed = await queries.allowedInChannels(db, serverId, [...given]);
  const isNew = (role: { id: number; position: number; permissions: number }) =>
    given.has(role.id) &&
    !held.has(role.id) &&
    role.position > 0 &&
    mayBeOffered(role.permissions, allowed.get(role.id) ?? []);
  const gained = roles.filter(isNew);
  const lost = roles.filter(({ id }) => taken.has(id) && held.has(id));
  for (const { id } of gained) await giveRole(db, serverId, userId, id);
  for (const { id } of lost) await takeRole(db, serverId, userId, id);
  return [
    ...gained.map(({ name }) => ({ field: "role", before: null, after: name })),
    ...lost.map(({ name }) => ({ field: "role", before: name, after: null })),
  ];
}
