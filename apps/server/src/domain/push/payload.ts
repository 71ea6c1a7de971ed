import { createHmac } from "node:crypto";
import type { Locale, PushPayload } from "@miscord/protocol";
import type { PushDeviceRow } from "../../store/queries/push.ts";
import type { ToldAlert, PushRow } from "../../store/push-tables.ts";
import type { PushContent } from "./content.ts";
import { words } from "./words.ts";

/** Of the notification on the device. The web client uses the same for what it shows itself. */
export function tagOf({
  channel_id,
  notification_id,
  alert,
}: Pick<PushRow, "channel_id" | "notification_id" | "alert">): string {
  if (alert !== null) return `alert-${(JSON.parse(alert) as ToldAlert).key}`;
  return channel_id === null ? `notification-${notification_id}` : `channel-${channel_id}`;
}

/** Apple withdraws the permission of sites whose pushes show nothing. */
export function takesSilentPushes({ endpoint }: Pick<PushDeviceRow, "endpoint">): boolean {
  return !new URL(endpoint).hostname.endsWith(".push.apple.com");
}

/**
 * Opens what the buttons of a pushed row do. Each attempt has the same, since one that was not noted may have arrived. Its
 * key is a secret that the device's browser made.
 */
export function secretOf({ auth }: Pick<PushDeviceRow, "auth">, id: number): string {
  return createHmac("sha256", auth).update(`act ${id}`).digest("base64url");
}

interface Ring {
  device: Pick<PushDeviceRow, "locale" | "with_text">;
  content: PushContent;
  badge: number;
  /** Of the buttons. */
  secret: string;
  /** What is to be closed on the device meanwhile. */
  closed: readonly PushRow[];
  isSilent: boolean;
}

export function ring(row: PushRow, { device, content, badge, secret, closed, isSilent }: Ring): string {
  const locale = device.locale as Locale;
  const tag = tagOf(row);
  const buttons = buttonsOf(row);
  return JSON.stringify({
    type: "ring",
    close: tagsOf(closed).filter((other) => other !== tag),
    badge,
    tag,
    // An edit may notify of an older message, so this is no id of a message.
    version: row.id,
    title: content.title(locale),
    body: device.with_text === 1 ? content.excerpt(locale) : "",
    path: content.path,
    silent: isSilent,
    ...(row.alert !== null && { always: true }),
    timestamp: row.created_at,
    act: { id: row.id, secret },
    actions: buttons.map((action) => ({ action, title: words[locale].action[action] })),
  } satisfies PushPayload);
}

/** A call is answered in the application. */
function buttonsOf({ message_id, notification_id }: PushRow): readonly ("read" | "reply" | "mute")[] {
  if (message_id !== null) return ["read", "reply", "mute"];
  return notification_id === null ? [] : ["read"];
}

export function closes(rows: readonly PushRow[], badge: number): string {
  return JSON.stringify({ type: "close", close: tagsOf(rows), badge } satisfies PushPayload);
}

export function testPush(locale: Locale, badge: number): string {
  const { title, body } = words[locale].test;
  const shown = { tag: "test", title, body, path: "/" };
  return JSON.stringify({ type: "ring", close: [], badge, ...shown } satisfies PushPayload);
}

function tagsOf(rows: readonly PushRow[]): string[] {
  return [...new Set(rows.map(tagOf))];
}
