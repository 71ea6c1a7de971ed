import { randomBytes } from "node:crypto";
import type { Webhook } from "@miscord/protocol";
import { recordAction } from "../../store/queries/audit-log.ts";
import { knownPicture, notePicture } from "../../store/queries/webhook-pictures.ts";
import { updateWebhook } from "../../store/queries/webhooks.ts";
import type { WebhookRow } from "../../store/webhook-tables.ts";
import { digest } from "../accounts/secrets.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { removePictures, storePicture } from "../pictures/store-picture.ts";
import { storeReadPicture } from "../pictures/store-read-picture.ts";
import { managedWebhook, presentWebhook, requireManaged } from "./manage.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates" | "storage" | "settings" | "pictures" | "previews">;

/**
 * Twice as large as the largest place where one is shown, for dense screens. Of an animation the first frame: hundreds are kept for
 * a server, and an animation takes up to three megabytes.
 */
const shape = { width: 256, height: 256, fit: "cover", isAnimated: false } as const;
/** A program waits no longer for its message. */
const patienceMs = 2_000;
/** An address without a picture is asked again after so long. */
const failureMs = 10 * 60_000;
const forever = Number.MAX_SAFE_INTEGER;

/** Pictures that are being read, by webhook and address: a program sends the same one with each message. */
const reading = new Map<string, Promise<string | null>>();

/**
 * The picture that a message of the webhook is shown with: that of the address which the message names, as this server read it
 * once, else the webhook's own. Reading takes two seconds at most; what takes longer is there for the messages after.
 */
export async function pictureOf(
  context: Context,
  webhook: WebhookRow,
  address: string | undefined,
): Promise<string | null> {
  if (address === undefined) return webhook.picture;
  const key = digest(address);
  const known = await knownPicture(context.store.db, webhook.id, key);
  if (known?.picture) return known.picture;
  if (known && known.expires_at > context.clock.now()) return webhook.picture;
  const name = `${webhook.id} ${key}`;
  const running = reading.get(name) ?? read(context, webhook, address, key).finally(() => reading.delete(name));
  reading.set(name, running);
  return (await briefly(context, running)) ?? webhook.picture;
}

async function read(context: Context, webhook: WebhookRow, address: string, key: string): Promise<string | null> {
  const { previews, clock } = context;
  const bytes = await previews.picture(address, webhook.created_by);
  const stored = bytes && (await storeReadPicture(context, webhook.created_by, bytes, shape).catch(() => null));
  const picture = stored?.id ?? null;
  await note(context, webhook, { digest: key, picture, expiresAt: picture ? forever : clock.now() + failureMs });
  return picture;
}

async function briefly({ clock }: Pick<Context, "clock">, work: Promise<string | null>): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = clock.setTimeout(() => resolve(null), patienceMs);
  try {
    return await Promise.race([work.catch(() => null), late]);
  } finally {
    timer.cancel();
  }
}

/**
 * Gives the webhook a picture, or takes it away, for those who may manage it. Messages keep the one that they were sent with.
 * Throws as `changeWebhook` and `storePicture`, and `rate_limited`.
 */
export async function changeWebhookPicture(
  context: Context,
  actor: Actor,
  webhookId: number,
  bytes: Uint8Array | null,
): Promise<Webhook> {
  const { row, access } = await managedWebhook(context, actor, webhookId);
  const { store, clock, rates } = context;
  if (bytes) await rates.pictureChanges.spend(actor.userId);
  const picture = bytes && (await storePicture(context, bytes, shape));
  const channel = { id: row.channel_id, isRestricted: access.isRestricted };
  try {
    const removed = await store.db.transaction().execute(async (db) => {
      // Encoding takes long enough for the webhook, or the right to manage it, to go.
      await requireManaged(context, db, actor, row);
      await updateWebhook(db, webhookId, { picture });
      const changes = [{ field: "icon", before: bytes ? null : true, after: bytes ? true : null }];
      const about = { serverId: row.server_id, actorId: actor.userId, at: clock.now(), subject: row.name, channel };
      await recordAction(db, { ...about, action: "webhook_update", changes });
      if (picture === null) return [];
      // An address has another digest.
      const own = { digest: `own ${randomBytes(8).toString("hex")}`, picture, expiresAt: forever };
      return notePicture(db, row, own);
    });
    await removeFiles(context, removed);
  } catch (error) {
    if (picture) await removePictures(context, [picture]);
    throw error;
  }
  return presentWebhook(context, { ...row, picture });
}

async function note(context: Context, webhook: WebhookRow, noted: Parameters<typeof notePicture>[2]): Promise<void> {
  const removed = await context.store.db.transaction().execute((db) => notePicture(db, webhook, noted));
  await removeFiles(context, removed);
}
