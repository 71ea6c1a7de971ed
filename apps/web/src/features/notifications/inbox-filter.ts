import type { Notification } from "@miscord/protocol";

/** What the inbox shows. */
export const inboxFilters = ["all", "unread", "mentions", "replies", "other"] as const;
export type InboxFilter = (typeof inboxFilters)[number];

const mentions: ReadonlySet<Notification["kind"]> = new Set(["mention", "everyone", "here", "role"]);

export function passes(filter: InboxFilter, { kind, is_read: isRead }: Notification): boolean {
  if (filter === "all") return true;
  if (filter === "unread") return !isRead;
  if (filter === "mentions") return mentions.has(kind);
  return filter === "replies" ? kind === "reply" : kind !== "reply" && !mentions.has(kind);
}
