import { limits, type AuditChange, type Webhook, type WebhookWithToken } from "@miscord/protocol";
import { can } from "@miscord/rights";
import type { Kysely } from "kysely";
import { chunks } from "../../chunks.ts";
import { AppError } from "../../errors.ts";
import { serverChannelAccess, serverChannelAccesses } from "../../store/queries/access.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { addressOf } from "../../store/picture-address.ts";
import { isAccountEnabled, usersById } from "../../store/queries/users.ts";
import * as queries from "../../store/queries/webhooks.ts";
import type { Tables } from "../../store/schema.ts";
import type { WebhookRow } from "../../store/webhook-tables.ts";
import { channelCommand, requireStillIn, serverAccess } from "../access.ts";
import { digest, newSecret } from "../accounts/secrets.ts";
import type { Actor, DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates">;
type Db = Kysely<Tables>;

/** In one query: others are read in between. */
const channelsAtOnce = 100;

/** The webhooks of the server's channels in which the actor may manage them. Throws `not_found` or `rate_limited`. */
export async function listWebhooks(context: Context, actor: Actor, serverId: number): Promise<Webhook[]> {
  await serverAccess(context, actor, serverId);
  // Of a large server it looks at the rights in hundreds of channels.
  await context.rates.searches.spend(actor.userId);
  const rows = await queries.webhooksOf(context.store.db, serverId);
  const managed = await managedOf(
    context,
    actor.userId,
    rows.map((row) => row.channel_id),
  );
  return present(
    context,
    rows.filter((row) => managed.has(row.channel_id)),
  );
}

/** Those of the channels in which webhooks of the person work: what `mayManage` says of each, in a fixed number of queries. */
async function managedOf(
  { store, clock }: Pick<Context, "store" | "clock">,
  userId: number,
  channelIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (!(await isAccountEnabled(store.db, userId))) return new Set();
  const managed = new Set<number>();
  for (const some of chunks([...new Set(channelIds)], channelsAtOnce)) {
    for (const access of await serverChannelAccesses(store.db, userId, some, clock.now())) {
      if (can(access, "manageWebhooks")) managed.add(access.channelId);
    }
  }
  return managed;
}

/** Throws `not_found`, `forbidden`, `invalid_request` (no text channel), `limit_reached` or `rate_limited`. */
export async function createWebhook(
  context: Context,
  actor: Actor,
  channelId: number,
  name: string,
): Promise<WebhookWithToken> {
  const access = await channelCommand(context, actor, channelId, "manageWebhooks");
  requireText(access.type);
  await context.rates.newWebhooks.spend(actor.userId);
  const token = newSecret();
  const now = context.clock.now();
  const row = await context.store.db.transaction().execute(async (db) => {
    await requireStillIn(context, db, actor, { channelId, permission: "manageWebhooks" });
    await requireRoom(db, channelId);
    const created = await queries.insertWebhook(db, {
      server_id: access.serverId,
      channel_id: channelId,
      created_by: actor.userId,
      name,
      token_digest: digest(token),
      created_at: now,
    });
    const channel = { id: channelId, isRestricted: access.isRestricted };
    const about = { serverId: access.serverId, actorId: actor.userId, at: now, subject: name, channel };
    await recordAction(db, { ...about, action: "webhook_create" });
    return created;
  });
  return { ...(await presentWebhook(context, row)), token };
}

interface WebhookChange {
  name?: string | undefined;
  channel_id?: number | undefined;
  take_over?: true | undefined;
}

/** Throws `not_found`, `forbidden`, `invalid_request`, `limit_reached` or `rate_limited`. */
export async function changeWebhook(
  context: Context,
  actor: Actor,
  webhookId: number,
  { name, channel_id: channelId, take_over: isTakenOver }: WebhookChange,
): Promise<Webhook> {
  const { row: before, access } = await managedWebhook(context, actor, webhookId);
  if (channelId !== undefined && channelId !== before.channel_id) {
    const target = await channelCommand(context, actor, channelId, "manageWebhooks");
    requireText(target.type);
    if (target.serverId !== before.server_id) throw new AppError("not_found", "There is no such channel.");
  }
  const changed = await context.store.db.transaction().execute(async (db) => {
    const row = await requireManaged(context, db, actor, before);
    const after = {
      name: name ?? row.name,
      channel_id: channelId ?? row.channel_id,
      created_by: isTakenOver ? actor.userId : row.created_by,
    };
    if (after.channel_id !== row.channel_id) {
      await requireStillIn(context, db, actor, { channelId: after.channel_id, permission: "manageWebhooks" });
      await requireRoom(db, after.channel_id);
    }
    await queries.updateWebhook(db, webhookId, after);
    // The other channel is not told: not every reader of the log sees both.
    const told = [
      ...changesOf({ name: row.name }, { name: after.name }),
      ...(after.channel_id === row.channel_id ? [] : [{ field: "moved", before: null, after: true }]),
      ...(after.created_by === row.created_by ? [] : [{ field: "taken_over", before: null, after: true }]),
    ];
    if (told.length > 0) await record(context, db, actor, { row, access }, "webhook_update", told);
    return { ...row, ...after };
  });
  return presentWebhook(context, changed);
}

/**
 * The former token opens nothing any more. Whoever has asked for the new one has taken the webhook over: it would write by
 * the rights of its maker for somebody else. Throws as `changeWebhook` does.
 */
export async function renewWebhookToken(context: Context, actor: Actor, webhookId: number): Promise<WebhookWithToken> {
  const { row: before, access } = await managedWebhook(context, actor, webhookId);
  const token = newSecret();
  const changed = await context.store.db.transaction().execute(async (db) => {
    const row = await requireManaged(context, db, actor, before);
    const change = { token_digest: digest(token), created_by: actor.userId };
    await queries.updateWebhook(db, webhookId, change);
    const told = [
      { field: "token", before: null, after: true },
      ...(row.created_by === actor.userId ? [] : [{ field: "taken_over", before: null, after: true }]),
    ];
    await record(context, db, actor, { row, access }, "webhook_update", told);
    return { ...row, ...change };
  });
  return { ...(await presentWebhook(context, changed)), token };
}

/** Its messages stay. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function deleteWebhook(context: Context, actor: Actor, webhookId: number): Promise<void> {
  const found = await managedWebhook(context, actor, webhookId);
  await context.store.db.transaction().execute(async (db) => {
    await requireManaged(context, db, actor, found.row);
    if (await queries.deleteWebhook(db, webhookId)) await record(context, db, actor, found, "webhook_delete", []);
  });
}

/** Whether the person may manage webhooks in the channel, and nobody has disabled their account: what a webhook of theirs writes by. */
export async function mayManage({ store, clock }: Pick<Context, "store" | "clock">, userId: number, channelId: number) {
  const access = await serverChannelAccess(store.db, userId, channelId, clock.now());
  return access !== undefined && can(access, "manageWebhooks") && (await isAccountEnabled(store.db, userId));
}

interface Managed {
  row: WebhookRow;
  access: Awaited<ReturnType<typeof channelCommand>>;
}

/** For a change of it. One that is in a channel which the actor does not see is not there for them. */
export async function managedWebhook(context: Context, actor: Actor, webhookId: number): Promise<Managed> {
  const row = await queries.webhookById(context.store.db, webhookId);
  if (!row) {
    await context.rates.changes.spend(actor.userId);
    throw noSuchWebhook();
  }
  try {
    return { row, access: await channelCommand(context, actor, row.channel_id, "manageWebhooks") };
  } catch (error) {
    throw error instanceof AppError && error.code === "not_found" ? noSuchWebhook() : error;
  }
}

/**
 * In the transaction of a change: the webhook as it is now, since what was read before is not written back; the actor may still
 * manage it. Throws `not_found` for one that is in another channel by now.
 */
export async function requireManaged(
  context: Context,
  db: Db,
  actor: Actor,
  { id, channel_id: channelId }: WebhookRow,
): Promise<WebhookRow> {
  const row = await queries.webhookById(db, id);
  if (row?.channel_id !== channelId) throw noSuchWebhook();
  await requireStillIn(context, db, actor, { channelId, permission: "manageWebhooks" });
  return row;
}

function record(
  { clock }: Context,
  db: Db,
  { userId: actorId }: Actor,
  { row, access }: Managed,
  action: "webhook_update" | "webhook_delete",
  changes: AuditChange[],
): Promise<void> {
  const channel = { id: row.channel_id, isRestricted: access.isRestricted };
  const about = { serverId: row.server_id, actorId, at: clock.now(), subject: row.name, channel };
  return recordAction(db, { ...about, action, changes });
}

function requireText(type: string): void {
  if (type === "text") return;
  throw new AppError("invalid_request", "A webhook writes into a text channel.");
}

async function requireRoom(db: Db, channelId: number): Promise<void> {
  if ((await queries.countWebhooksIn(db, channelId)) < limits.webhooksPerChannel) return;
  throw new AppError("limit_reached", `A channel has at most ${limits.webhooksPerChannel} webhooks.`);
}

export async function presentWebhook(context: Context, row: WebhookRow): Promise<Webhook> {
  return (await present(context, [row]))[0]!;
}

async function present(context: Context, rows: readonly WebhookRow[]): Promise<Webhook[]> {
  if (rows.length === 0) return [];
  const creators = await usersById(context.store.db, [...new Set(rows.map((row) => row.created_by))]);
  const byId = new Map(creators.map((user) => [user.id, user]));
  const managed = new Map<number, ReadonlySet<number>>();
  for (const [userId, own] of Map.groupBy(rows, (row) => row.created_by)) {
    managed.set(
      userId,
      await managedOf(
        context,
        userId,
        own.map((row) => row.channel_id),
      ),
    );
  }
  return rows.map((row) => ({
    id: row.id,
    server_id: row.server_id,
    channel_id: row.channel_id,
    name: row.name,
    avatar_url: addressOf(row.picture),
    creator: byId.get(row.created_by)!,
    works: managed.get(row.created_by)!.has(row.channel_id),
    created_at: new Date(row.created_at).toISOString(),
    last_used_at: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
  }));
}

const noSuchWebhook = () => new AppError("not_found", "There is no such webhook.");
