/** What is kept about people, by subject: the list that `GET /api/me/data` describes. */
export const dataKinds = [
  "account",
  "sessions",
  "addresses",
  "security",
  "memberships",
  "people",
  "conversations",
  "messages",
  "mentions",
  "files",
  "own_messages",
  "gifs",
  "reactions",
  "reading",
  "notifications",
  "push",
  "mails",
  "settings",
  "invites",
  "programs",
  "bans",
  "reports",
  "audit_log",
  "exports",
  "search",
  "logs",
] as const;

export type DataKind = (typeof dataKinds)[number];

/** The username of a deleted account, which nobody can register; its display name and colour are the same for all. */
export function deletedUsername(userId: number): string {
  return `#${userId}`;
}
