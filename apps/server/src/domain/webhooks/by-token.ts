import * as queries from "../../store/queries/webhooks.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import { serverChannelAccess } from "../../store/queries/access.ts";
import type { WebhookRow } from "../../store/webhook-tables.ts";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "clock">;

/** Renames the webhook, for a program that holds its token; without a name nothing changes. The audit log names its creator. */
export async function renameByToken(context: Context, webhook: WebhookRow, name: string | undefined) {
  if (name === undefined || name === webhook.name) return webhook;
  await context.store.db.transaction().execute(async (db) => {
    await queries.updateWebhook(db, webhook.id, { name });
    const changes = [{ field: "name", before: webhook.name, after: name }];
    await recordAction(db, { ...(await about(context, webhook)), action: "webhook_update", changes });
  });
  return { ...webhook, name };
}

/** Its messages stay. */
export async function deleteByToken(context: Context, webhook: WebhookRow): Promise<void> {
  const record = await about(context, webhook);
  await context.store.db.transaction().execute(async (db) => {
    if (await queries.deleteWebhook(db, webhook.id)) await recordAction(db, { ...record, action: "webhook_delete" });
  });
}

async function about({ store, clock }: Context, webhook: WebhookRow) {
  const { created_by: actorId, channel_id: id, server_id: serverId, name: subject } = webhook;
  const access = await serverChannelAccess(store.db, actorId, id, clock.now());
  const channel = { id, isRestricted: access?.isRestricted ?? true };
  return { serverId, actorId, at: clock.now(), subject, channel };
}
