import { z } from "zod";
import { id, isoTime, title, user } from "./model.ts";
import { limits } from "./limits.ts";

export const webhookName = title(limits.webhookNameLength);

/** A webhook as those who manage webhooks in its channel see it; its token is in no answer but those two below. */
export const webhook = z.object({
  id,
  server_id: id,
  channel_id: id,
  name: z.string(),
  /** What its messages show that name no picture of their own; absent on older servers. */
  avatar_url: z.string().nullable().optional(),
  /** Who made it or took it over: it writes while they may manage webhooks in the channel. */
  creator: user,
  /** False while the creator may not: what is sent to it is refused. */
  works: z.boolean(),
  created_at: isoTime,
  /** To the hour; null: never. */
  last_used_at: isoTime.nullable(),
});
/** `token`: shown once. */
export const webhookWithToken = webhook.extend({ token: z.string() });
export const webhooks = z.object({ webhooks: z.array(webhook) });

export const webhookBody = z.object({ name: webhookName });
/** `take_over`: the caller becomes its creator. */
export const webhookPatch = z.object({ name: webhookName, channel_id: id, take_over: z.literal(true) }).partial();

export type Webhook = z.infer<typeof webhook>;
export type WebhookPatch = z.input<typeof webhookPatch>;
export type WebhookWithToken = z.infer<typeof webhookWithToken>;
