import type { ForumSettings } from "@miscord/protocol";
import { lacksTag, mayChangeTags, type AccessFacts } from "@miscord/rights";
import { AppError } from "../../errors.ts";

/** Throws `invalid_request` or `forbidden` unless the user may give a post of the forum these tags in place of the others. */
export function requireTags(
  facts: AccessFacts,
  forum: ForumSettings,
  before: readonly number[],
  after: readonly number[],
): void {
  const known = new Set(forum.tags.map(({ id }) => id));
  if (!after.every((id) => known.has(id))) throw new AppError("invalid_request", "The forum has no such tag.");
  if (!mayChangeTags(facts, forum.tags, before, after)) {
    throw new AppError("forbidden", "This tag is for those who manage threads.");
  }
  if (lacksTag(facts, forum, after)) throw new AppError("invalid_request", "A post in this forum has a tag.");
}

/** Their names, for the audit log. */
export function tagNames({ tags }: ForumSettings, ids: readonly number[]): string {
  const named = tags.filter(({ id }) => ids.includes(id));
  return named.map(({ name }) => name).join(", ");
}
