import type { MemberEntry } from "@miscord/client";
import type { Role, Status } from "@miscord/protocol";

export interface PresentMember extends MemberEntry {
  status: Status;
}

type Heading = { kind: "heading"; group: "online" | "offline" } | { kind: "role"; role: Role };

export type MemberListRow = (Heading & { count: number }) | { kind: "member"; member: PresentMember };

/**
 * The rows of the member list: present members first, each group sorted by name. Present members with a role that is
 * listed separately come under their highest such role.
 */
export function memberRows(
  members: Readonly<Record<number, MemberEntry>>,
  presence: Readonly<Record<number, Status>>,
  locale: string,
  roles: readonly Role[] = [],
): readonly MemberListRow[] {
  const collator = new Intl.Collator(locale, { sensitivity: "base", numeric: true });
  const present = Object.values(members)
    .map((member): PresentMember => ({ ...member, status: presence[member.id] ?? "offline" }))
    .toSorted((a, b) => collator.compare(a.display_name, b.display_name) || a.id - b.id);
  const online = present.filter((member) => member.status !== "offline");
  const hoisted = roles.filter((role) => role.hoist).toSorted((a, b) => b.position - a.position);
  const byRole = Map.groupBy(online, (member) => hoisted.find((role) => member.role_ids.includes(role.id)));
  return [
    ...hoisted.flatMap((role) => group({ kind: "role", role }, byRole.get(role) ?? [])),
    ...group({ kind: "heading", group: "online" }, byRole.get(undefined) ?? []),
    ...group(
      { kind: "heading", group: "offline" },
      present.filter((member) => member.status === "offline"),
    ),
  ];
}

function group(heading: Heading, members: readonly PresentMember[]): readonly MemberListRow[] {
  if (members.length === 0) return [];
  return [{ ...heading, count: members.length }, ...members.map((member) => ({ kind: "member", member }) as const)];
}

/** Index of the member that a key moves the focus to; null for other keys and at the ends. */
export function memberStep(rows: readonly MemberListRow[], index: number, key: string): number | null {
  const isMember = (row: MemberListRow) => row.kind === "member";
  const before = rows.slice(0, index);
  const after = rows.findIndex((row, at) => at > index && isMember(row));
  const found = {
    ArrowUp: before.findLastIndex(isMember),
    ArrowDown: after,
    Home: rows.findIndex(isMember),
    End: rows.findLastIndex(isMember),
  }[key];
  return found === undefined || found < 0 ? null : found;
}
