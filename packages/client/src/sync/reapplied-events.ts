import type { Inbox as InboxPage, MainEvent } from "@miscord/protocol";
import { hasUnknown } from "../state/reduce-inbox.ts";
import { removalBy } from "../state/removed-notifications.ts";
import type { ClientState } from "../state/types.ts";

/**
 * Whether the user is a member of a server again that they had left: notifications of it that arrived before this event
 * were ignored.
 */
export function hasReturned({ inbox, servers }: ClientState, events: readonly MainEvent[]): boolean {
  const before = inbox.removals.filter(({ server_id }) => server_id !== undefined && !servers[server_id]);
  const hasLeft = (id: number) =>
    [...before, ...events.map(removalBy)].some((removal) => removal?.isByMembership && removal.server_id === id);
  return events.some((event) => event.type === "server_joined" && hasLeft(event.server.id));
}

/** Not idempotent: the response may already contain them, so applying them again could count twice. */
export function countsMembers({ type }: MainEvent): boolean {
  return type === "member_joined" || type === "member_left";
}

/**
 * Events whose effect on the inbox depends on what was in it: applied to a response that is newer or older, they could
 * mark what came later, or leave a count as it was before notifications that the response does not show were removed.
 */
export function dependsOnWhen(event: MainEvent): boolean {
  return (
    removalBy(event) !== null ||
    event.type === "channel_removed" ||
    (event.type === "notifications_read" && event.ids === null)
  );
}

/** Whether the page of the inbox is up to date once these events, received since it was asked for, are applied to it. */
export function isSureOf(
  { notifications, unread, has_more: hasMore }: InboxPage,
  since: readonly MainEvent[],
): boolean {
  const isUnknown = (event: MainEvent) =>
    event.type === "notifications_read" && hasUnknown({ notifications, unread, hasMore }, event.ids);
  return !since.some((event) => dependsOnWhen(event) || isUnknown(event));
}

/**
 * Events received while a response was in flight are reapplied to it (only those that affect members); the rest of
 * the state already has them.
 */
export function isAboutPeople({ type }: MainEvent): boolean {
  return (
    type === "member_joined" ||
    type === "member_left" ||
    type === "member_updated" ||
    type === "role_deleted" ||
    type === "user_updated" ||
    type === "user_status_changed"
  );
}
