import type { Onboarding } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

export type OnboardingFields = Omit<Onboarding, "enabled">;

const nothing: OnboardingFields = { welcome: "", channel_ids: [], questions: [] };

/** As it was set last, whether it is on or not; roles and channels in it may be gone. */
export async function onboardingOf(db: Db, serverId: number): Promise<OnboardingFields> {
  const row = await db.selectFrom("onboardings").where("server_id", "=", serverId).select("fields").executeTakeFirst();
  return row ? (JSON.parse(row.fields) as OnboardingFields) : nothing;
}

export async function storeOnboarding(db: Db, serverId: number, onboarding: OnboardingFields): Promise<void> {
  const fields = JSON.stringify(onboarding);
  await db
    .insertInto("onboardings")
    .values({ server_id: serverId, fields })
    .onConflict((conflict) => conflict.column("server_id").doUpdateSet({ fields }))
    .execute();
}

/**
 * Marks the roles that the onboarding gives, and no longer those that it does not give and nobody has: whoever chose a role
 * themselves is not known by it. Returns the ids of those whose mark is another one than before.
 */
export async function markOffered(db: Db, serverId: number, roleIds: readonly number[]): Promise<number[]> {
  const marked =
    roleIds.length === 0
      ? []
      : await db
          .updateTable("roles")
          .set({ offered: 1 })
          .where("server_id", "=", serverId)
          .where("id", "in", roleIds)
          .where("offered", "=", 0)
          .returning("id")
          .execute();
  const cleared = await db
    .updateTable("roles")
    .set({ offered: 0 })
    .where("server_id", "=", serverId)
    .where("offered", "=", 1)
    .$if(roleIds.length > 0, (query) => query.where("id", "not in", roleIds))
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom("member_roles")
            .whereRef("member_roles.role_id", "=", "roles.id")
            .select("member_roles.role_id"),
        ),
      ),
    )
    .returning("id")
    .execute();
  return [...marked, ...cleared].map(({ id }) => id);
}

/** Ids of the answers that the member has chosen; undefined for who is no member. */
export async function answersOf(db: Db, serverId: number, userId: number): Promise<number[] | undefined> {
  const row = await db
    .selectFrom("members")
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .select("onboarding_answers")
    .executeTakeFirst();
  return row && (JSON.parse(row.onboarding_answers ?? "[]") as number[]);
}

/** The time of the first answer stays. */
export async function storeAnswers(
  db: Db,
  { serverId, userId, answerIds, now }: { serverId: number; userId: number; answerIds: readonly number[]; now: number },
): Promise<void> {
  await db
    .updateTable("members")
    .set((is) => ({
      onboarding_answers: JSON.stringify(answerIds),
      onboarded_at: is.fn.coalesce(is.ref("onboarded_at"), is.val(now)),
    }))
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .execute();
}

/** Of these roles, what the channels of their server allow them, by role. */
export async function allowedInChannels(
  db: Db,
  serverId: number,
  roleIds: readonly number[],
): Promise<Map<number, number[]>> {
  if (roleIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("channel_overrides")
    // Overrides are found by their channel.
    .where("channel_id", "in", (query) =>
      query
        .selectFrom("channels")
        .where("server_id", "=", serverId)
        .where("parent_id", "is", null)
        .select("channels.id"),
    )
    .where("type", "=", "role")
    .where("target_id", "in", roleIds)
    .where("allow", "!=", 0)
    .select(["target_id", "allow"])
    .execute();
  const byRole = Map.groupBy(rows, (row) => row.target_id);
  return new Map([...byRole].map(([id, all]) => [id, all.map(({ allow }) => allow)]));
}
