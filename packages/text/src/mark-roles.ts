import { countRoleMarks } from "./mentions-of.ts";
import { roleMark } from "./role-mentions.ts";

/** More names in one text stay as typed. */
const maxMarks = 20;
const continuesName = /^[\p{L}\p{M}\p{N}_]/v;

interface NamedRole {
  readonly id: number;
  readonly name: string;
}

/**
 * A text to be sent: `@role name`, in any case, becomes the role's mark wherever the grammar then reads a mention, so not
 * in code, links and spoilers. Of names that begin alike the longest counts.
 */
export function markRoles(text: string, roles: readonly NamedRole[]): string {
  const byLength = roles.toSorted((a, b) => b.name.length - a.name.length);
  let marked = text;
  let from = 0;
  for (let count = 0; count < maxMarks;) {
    const at = marked.indexOf("@", from);
    if (at === -1) break;
    from = at + 1;
    const role = byLength.find(({ name }) => isNamedAt(marked, at, name));
    if (!role) continue;
    const before = marked.slice(0, at);
    const candidate = `${before}${roleMark(role.id)}${marked.slice(at + 1 + role.name.length)}`;
    count++;
    if (/[\p{L}\p{M}\p{N}_@.\-]$/v.test(before) || countRoleMarks(candidate) <= countRoleMarks(marked)) continue;
    marked = candidate;
    from = at + roleMark(role.id).length;
  }
  return marked;
}

function isNamedAt(text: string, at: number, name: string): boolean {
  const typed = text.slice(at + 1, at + 1 + name.length);
  return typed.toLowerCase() === name.toLowerCase() && !continuesName.test(text.slice(at + 1 + name.length));
}
