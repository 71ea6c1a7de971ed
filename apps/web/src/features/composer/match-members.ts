import type { User } from "@miscord/protocol";
import { foldName } from "@miscord/text";

/** A member's `display_name` may be a nickname. */
type Named = User & { account_name?: string };

/** Members whose name starts with the query, then those with a later word that does, then any match. */
export function matchMembers(members: readonly Named[], query: string, limit: number): User[] {
  const wanted = foldName(query);
  return members
    .map((member) => ({ member, rank: rankOf(member, wanted) }))
    .filter(({ rank }) => rank < noMatch)
    .toSorted((a, b) => a.rank - b.rank || a.member.display_name.localeCompare(b.member.display_name))
    .slice(0, limit)
    .map(({ member }) => member);
}

const noMatch = 3;

function rankOf({ username, display_name, account_name = username }: Named, wanted: string): number {
  const names = [username, display_name, account_name].map(foldName);
  if (names.some((name) => name.startsWith(wanted))) return 0;
  if (names.some((name) => name.split(/[\s._-]+/).some((word) => word.startsWith(wanted)))) return 1;
  return names.some((name) => name.includes(wanted)) ? 2 : noMatch;
}
