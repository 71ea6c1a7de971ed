import type { MainEvent, Notification } from "@miscord/protocol";

/** Selects notifications: those that match all of the fields that are given. */
export interface Removal {
  server_id?: number | undefined;
  channel_id?: number | undefined;
  message_id?: number | undefined;
  kind?: Notification["kind"] | undefined;
  /** Only those with a lower id. */
  before_id?: number | undefined;
  /** Not invites: the user is no member of the server any more. */
  isByMembership?: boolean;
}

/** The notifications that are gone with this event; null when there are none. */
export function removalBy(event: MainEvent): Removal | null {
  switch (event.type) {
    case "notifications_removed": {
      const { server_id, message_id, kind, before_id } = event;
      return { server_id, message_id, kind, before_id };
    }
    case "channel_deleted":
      return { channel_id: event.channel_id };
    case "server_deleted":
      return { server_id: event.server_id };
    case "server_left":
      return { server_id: event.server_id, isByMembership: event.reason !== "deleted" };
    default:
      return null;
  }
}

/** In the channel, or in a thread of it. */
export function isIn({ channel_id, parent_id }: Notification, channelId: number): boolean {
  return channel_id === channelId || parent_id === channelId;
}

export function isRemoved(notification: Notification, removal: Removal): boolean {
  const { server_id, channel_id, message_id, kind, before_id, isByMembership = false } = removal;
  return (
    (server_id === undefined || notification.server_id === server_id) &&
    (channel_id === undefined || isIn(notification, channel_id)) &&
    (message_id === undefined || notification.message_id === message_id) &&
    (kind === undefined || notification.kind === kind) &&
    (before_id === undefined || notification.id < before_id) &&
    !(isByMembership && notification.kind === "invite")
  );
}

/** The known notifications that are missing from the page, as far back as it reaches. */
export function idsGone(
  known: readonly Notification[],
  page: readonly Notification[],
  hasMore: boolean,
): readonly number[] {
  const present = new Set(page.map(({ id }) => id));
  const oldestId = hasMore ? (page.at(-1)?.id ?? 0) : 0;
  return known.map(({ id }) => id).filter((id) => id >= oldestId && !present.has(id));
}
