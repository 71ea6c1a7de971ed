import { can, type AccessFacts } from "./permissions.ts";

interface Tag {
  readonly id: number;
  readonly moderated: boolean;
}

/**
 * Whether somebody who may change a post may also change its tags from the ones to the others: moderated ones take the
 * permission to manage threads.
 */
export function mayChangeTags(
  facts: AccessFacts,
  tags: readonly Tag[],
  before: readonly number[],
  after: readonly number[],
): boolean {
  if (can(facts, "manageThreads")) return true;
  return tags.every(({ id, moderated }) => !moderated || before.includes(id) === after.includes(id));
}

/** Whether a post without tags lacks one that its author could choose. */
export function lacksTag(
  facts: AccessFacts,
  { tags, requires_tag }: { readonly tags: readonly Tag[]; readonly requires_tag: boolean },
  chosen: readonly number[],
): boolean {
  return requires_tag && chosen.length === 0 && tags.some((tag) => mayChangeTags(facts, [tag], [], [tag.id]));
}
