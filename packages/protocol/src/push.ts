import { z } from "zod";
import { limits } from "./limits.ts";
import { id, locale } from "./model.ts";

/** What a device may be notified of: the kinds of notifications, and messages in private channels. */
export const pushKind = z.enum(["direct", "mention", "reply", "everyone", "invite"]);

/** Base64url of an uncompressed P-256 point, and of 16 bytes, as `PushSubscription.getKey` gives them. */
const p256dh = z.string().regex(/^B[\w-]{86}$/, "must be an uncompressed P-256 point in base64url");
const auth = z.string().regex(/^[\w-]{22}$/, "must be 16 bytes in base64url");

/** The subscription of this session's browser, and what it wants. */
export const pushSubscriptionBody = z.object({
  endpoint: z.string().max(limits.pushEndpointLength),
  keys: z.object({ p256dh, auth }),
  /** Language of the notifications. */
  locale: locale.default("en"),
  /** False: notifications name who wrote and where, without the text of the message. */
  with_text: z.boolean().default(true),
  kinds: z
    .array(pushKind)
    .max(pushKind.options.length)
    .default([...pushKind.options]),
  /** A phone or tablet: of several devices, one that is carried along rings first. */
  is_mobile: z.boolean().default(false),
});

/** What a button of a notification does. `id` and `secret` came with it. */
export const pushActBody = z.object({
  id,
  secret: z.string().min(1).max(64),
  action: z.enum(["read", "mute", "reply"]),
  /** Of a reply. */
  content: z.string().max(limits.messageLength).optional(),
});

export const pushDevice = z.object({
  id,
  is_current: z.boolean(),
  user_agent: z.string(),
  is_mobile: z.boolean(),
  with_text: z.boolean(),
  kinds: z.array(pushKind),
  /** Host of the vendor's push service. */
  service: z.string(),
  created_at: z.string(),
  /** When the push service last accepted a notification. */
  delivered_at: z.string().nullable(),
  /** `failing`: the latest one was not accepted. */
  state: z.enum(["new", "working", "failing"]),
  /** Its latest answer, an HTTP status; null when it did not answer. */
  last_status: z.number().int().nullable(),
});

export const pushState = z.object({
  /** The instance's VAPID key, base64url, for `PushManager.subscribe`. */
  public_key: z.string(),
  devices: z.array(pushDevice),
});

export type PushKind = z.infer<typeof pushKind>;
export type PushSubscriptionBody = z.input<typeof pushSubscriptionBody>;
export type PushActBody = z.input<typeof pushActBody>;
export type PushDevice = z.infer<typeof pushDevice>;
export type PushState = z.infer<typeof pushState>;

/** The decrypted text of a push message. */
export interface PushPayload {
  /** `ring` shows a notification in place of one with the same tag, `close` only closes those in `close`. */
  type: "ring" | "close";
  /** Tags of notifications that were read elsewhere. */
  close: string[];
  /** Unread mentions and private messages, for the icon of the installed app. */
  badge: number;
  tag?: string;
  /** Rises with each message of a tag: one that is not higher than that of the shown notification must not ring again. */
  version?: number;
  title?: string;
  body?: string;
  path?: string;
  /** Another device rings. */
  silent?: boolean;
  /** Shown also to somebody who looks at the page, which does not tell it. */
  always?: boolean;
  timestamp?: number;
  /** For `POST /api/push/act`; without it, the notification has no buttons. */
  act?: { id: number; secret: string };
  actions?: { action: "read" | "mute" | "reply"; title: string }[];
}
