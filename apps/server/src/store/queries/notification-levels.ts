import {
  isInherited,
  mutedForever,
  scopeText,
  type NotificationLevel,
  type NotificationScope,
  type NotificationSetting,
} from "@miscord/protocol";
import { sql, type Kysely, type Selectable } from "kysely";
import { isSilenced } from "../notification-levels-sql.ts";
import type { NotificationLevelsTable, Tables } from "../schema.ts";

type Db = Kysely<Tables>;
type Row = Selectable<NotificationLevelsTable>;

/** Columns to set; what is undefined stays. */
export type LevelChange = Partial<Pick<Row, "level" | "muted_until" | "suppress_everyone" | "suppress_roles">>;

function present({ level, muted_until, suppress_everyone, suppress_roles }: Row): NotificationSetting {
  return {
    level: level as NotificationLevel | null,
    muted_until: muted_until === null ? null : new Date(Math.min(muted_until, Date.parse(mutedForever))).toISOString(),
    suppress_everyone: suppress_everyone === null ? null : suppress_everyone === 1,
    suppress_roles: suppress_roles === null ? null : suppress_roles === 1,
  };
}

/** What the user set, by scope; without scopes of which everything is inherited. */
export async function notificationSettings(db: Db, userId: number): Promise<Map<string, NotificationSetting>> {
  const rows = await db.selectFrom("notification_levels").where("user_id", "=", userId).selectAll().execute();
  const settings = rows.map((row) => [row.scope, present(row)] as const);
  return new Map(settings.filter(([, setting]) => !isInherited(setting)));
}

export async function accountSetting(db: Db, userId: number): Promise<NotificationSetting | undefined> {
  const row = await db
    .selectFrom("notification_levels")
    .where("user_id", "=", userId)
    .where("scope", "=", "account")
    .selectAll()
    .executeTakeFirst();
  const setting = row && present(row);
  return setting && !isInherited(setting) ? setting : undefined;
}

/** Sets the columns of the change only, so that two changes at once both hold. Returns the whole setting. */
export async function changeNotificationLevel(
  db: Db,
  userId: number,
  scope: NotificationScope,
  change: LevelChange,
): Promise<NotificationSetting> {
  const row = await db
    .insertInto("notification_levels")
    .values({
      user_id: userId,
      scope: scopeText(scope),
      server_id: scope.kind === "server" ? scope.id : null,
      channel_id: scope.kind === "channel" ? scope.id : null,
      level: change.level ?? null,
      muted_until: change.muted_until ?? null,
      suppress_everyone: change.suppress_everyone ?? null,
      suppress_roles: change.suppress_roles ?? null,
    })
    .onConflict((conflict) =>
      conflict.columns(["user_id", "scope"]).doUpdateSet({ scope: scopeText(scope), ...change }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return present(row);
}

/** The setting of a scope, for what is sent with its server or channel; nothing when everything is inherited. */
export function ownSetting(
  settings: ReadonlyMap<string, NotificationSetting>,
  scope: string,
): { notifications?: NotificationSetting } {
  const setting = settings.get(scope);
  return setting ? { notifications: setting } : {};
}

/** Of these channels those in which nothing is announced to the user. */
export async function silencedChannels(
  db: Db,
  userId: number,
  channelIds: readonly number[],
  now: number,
): Promise<ReadonlySet<number>> {
  if (channelIds.length === 0) return new Set();
  const names = { userId: "users.id", serverId: "channels.server_id", channelId: "channels.id" };
  const silenced = isSilenced({ ...names, at: String(Math.floor(now)) });
  const rows = await db
    .selectFrom("channels")
    .innerJoin("users", (join) => join.on("users.id", "=", userId))
    .where("channels.id", "in", channelIds)
    .where(sql<boolean>`${sql.raw(silenced)}`)
    .select("channels.id")
    .execute();
  return new Set(rows.map((row) => row.id));
}
