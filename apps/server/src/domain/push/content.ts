import { mentionsOf, withRoleNames } from "@miscord/text";
import { limits, previewText, pushKindOf, type Locale, type Notification, type PushKind } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/contract.ts";
import { administratorsAmong } from "../../store/queries/alerts.ts";
import { silencedChannels } from "../../store/queries/notification-levels.ts";
import { notificationsById } from "../../store/queries/notifications.ts";
import { roleNames, type RoleName } from "../../store/queries/roles.ts";
import { privatePushes, ringPushes, silencedPushes, type PrivatePush } from "../../store/queries/push.ts";
import { mentionCounts, privateCounts } from "../../store/queries/unread.ts";
import type { ToldAlert, PushRow } from "../../store/push-tables.ts";
import type { DomainContext } from "../context.ts";
import { SharedReads } from "../servers/shared-reads.ts";
import { filled, voiceText, words } from "./words.ts";

/** What a push shows, before it is in a language. */
export interface PushContent {
  /** Null: always wanted. */
  readonly kind: PushKind | null;
  readonly path: string;
  /** For how long the push service keeps it for a device that is off; absent: a day. */
  readonly ttlS?: number;
  /** Empty when there is none. */
  excerpt(locale: Locale): string;
  title(locale: Locale): string;
}

/**
 * What these outbox rows are about, as their users may see it at this moment. Rows that are not in the result are not to
 * be sent: read meanwhile, deleted, by somebody whom the user hides, silenced, or in a channel that the user lost.
 */
export async function pushContents(
  { store: { db }, clock }: Pick<DomainContext, "store" | "clock">,
  all: readonly PushRow[],
): Promise<ReadonlyMap<number, PushContent>> {
  const contents = new Map<number, PushContent>();
  const silenced = await silencedPushes(
    db,
    all.map(({ id }) => id),
    clock.now(),
  );
  const rows = all.filter(({ id }) => !silenced.has(id));
  const ids = rows.flatMap((row) => (row.notification_id === null ? [] : [row.notification_id]));
  const notifications = ids.length === 0 ? [] : await notificationsById(db, ids);
  const roles = await roleNames(
    db,
    notifications.flatMap(({ notification }) => mentionsOf(notification.excerpt).roles ?? []),
  );
  const byId = new Map(notifications.map(({ userId, notification }) => [notification.id, { userId, notification }]));
  for (const row of rows) {
    const found = byId.get(row.notification_id ?? 0);
    if (found?.userId === row.user_id && !found.notification.is_read) {
      contents.set(row.id, ofNotification(found.notification, roles));
    }
  }
  const direct = rows.filter((row) => row.notification_id === null);
  const channels = new Map(direct.map((row) => [row.id, row]));
  const told = [...(await privatePushes(db, [...channels.keys()])), ...(await ringPushes(db, [...channels.keys()]))];
  for (const one of told) contents.set(one.pushId, ofPrivate(one, channels.get(one.pushId)!));
  for (const [id, alert] of await alertContents(db, rows)) contents.set(id, alert);
  return contents;
}

/** Whoever administers the instance no longer is not told. */
async function alertContents(db: Store["db"], rows: readonly PushRow[]): Promise<(readonly [number, PushContent])[]> {
  const alerts = rows.filter(({ alert }) => alert !== null);
  const admins = await administratorsAmong(
    db,
    alerts.map((row) => row.user_id),
  );
  return alerts
    .filter((row) => admins.has(row.user_id))
    .map((row) => {
      const { path, title, text } = JSON.parse(row.alert!) as ToldAlert;
      return [row.id, { kind: null, path, title: (locale) => title[locale], excerpt: (locale) => text[locale] }];
    });
}

function ofNotification(notification: Notification, roles: ReadonlyMap<number, RoleName>): PushContent {
  const { kind, actor, channel_name: channel, server_id: serverId, server_name: server } = notification;
  const { excerpt, voice_ms } = notification;
  const sign = notification.parent_id === undefined ? "#" : "";
  const authorIn = (locale: Locale) =>
    actor.is_webhook ? `${actor.display_name} · ${words[locale].webhook}` : actor.display_name;
  const values = { channel: `${sign}${channel ?? ""}`, server };
  const roleName = (id: number) => {
    const role = roles.get(id);
    return role?.server_id === serverId ? role.name : undefined;
  };
  return {
    kind: pushKindOf(kind),
    path: pathOf(notification),
    excerpt: (locale) => withRoleNames(excerpt, roleName) || voiceText(locale, voice_ms),
    title: (locale) => filled(words[locale].kind[kind], { ...values, author: authorIn(locale) }),
  };
}

function pathOf({ server_id, channel_id, message_id, invite_code }: Notification): string {
  if (invite_code !== null) return `/invite/${encodeURIComponent(invite_code)}`;
  if (channel_id === null) return `/channels/${server_id}`;
  return `/channels/${server_id}/${channel_id}${message_id === null ? "" : `/${message_id}`}`;
}

function ofPrivate({ author, content, voiceMs, kind, name }: PrivatePush, row: PushRow): PushContent {
  const values = { author: author.display_name, group: name };
  return {
    kind: "direct",
    ...(kind === "ring" && { ttlS: limits.ringSeconds }),
    path: `/dms/${row.channel_id}`,
    excerpt: (locale) => previewText(content) || voiceText(locale, voiceMs),
    title(locale) {
      if (kind !== "message") return filled(words[locale][kind], values);
      return name === "" ? author.display_name : filled(words[locale].inGroup, values);
    },
  };
}

const badges = new WeakMap<Store, SharedReads<number>>();
/** A call rings meanwhile. */
const longestPauseMs = 2_000;

/**
 * Unread mentions and private messages of the user, but in channels that they silenced. All channels of their servers are looked
 * at, and others may have them notified again and again.
 */
export function badgeOf(store: Store, userId: number, clock: Clock): Promise<number> {
  const reads = badges.get(store) ?? new SharedReads((id) => readBadge(store, id, clock.now()), { longestPauseMs });
  badges.set(store, reads);
  return reads.read(userId);
}

async function readBadge({ db }: Store, userId: number, now: number): Promise<number> {
  const [mentions, direct] = await Promise.all([mentionCounts(db, userId), privateCounts(db, userId)]);
  const counts = [...mentions, ...direct];
  const silenced = await silencedChannels(
    db,
    userId,
    counts.map(([channelId]) => channelId),
    now,
  );
  return counts.reduce((sum, [channelId, count]) => (silenced.has(channelId) ? sum : sum + count), 0);
}
