import type { MemberEntry } from "@miscord/client";
import { limits, type MemberListGroup, type Status } from "@miscord/protocol";

export interface PresentMember extends MemberEntry {
  status: Status;
}

/** `id` is null for a member of a page that is not there yet. */
export type MemberListRow =
  | { readonly kind: "heading"; readonly group: MemberListGroup }
  | { readonly kind: "member"; readonly id: number | null; readonly page: number };

/** The rows of the member list: the whole of it by its groups, with the members of the pages that are known. */
export function memberRows(
  groups: readonly MemberListGroup[],
  pages: Readonly<Record<number, readonly number[]>>,
): readonly MemberListRow[] {
  const rows: MemberListRow[] = [];
  // Pages are sent one by one: a member who has moved from one to another may be on both for a moment.
  const seen = new Set<number>();
  let position = 0;
  for (const group of groups) {
    rows.push({ kind: "heading", group });
    for (const end = position + group.count; position < end; position += 1) {
      const page = Math.floor(position / limits.membersPage);
      const id = pages[page]?.[position % limits.membersPage] ?? null;
      rows.push({ kind: "member", id: id !== null && seen.has(id) ? null : id, page });
      if (id !== null) seen.add(id);
    }
  }
  return rows;
}

/** Index of the member that a key moves the focus to; null for other keys and at the ends. */
export function memberStep(rows: readonly MemberListRow[], index: number, key: string): number | null {
  const isMember = (row: MemberListRow | undefined) => row?.kind === "member";
  const step = { ArrowUp: -1, ArrowDown: 1, Home: 1, End: -1 }[key];
  if (step === undefined) return null;
  let next = key === "Home" ? 0 : key === "End" ? rows.length - 1 : index + step;
  while (next >= 0 && next < rows.length && !isMember(rows[next])) next += step;
  return isMember(rows[next]) ? next : null;
}
