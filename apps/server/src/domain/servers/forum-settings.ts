import type { ForumPatch, ForumTag } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { StoredForum } from "../../store/forum-settings.ts";

/** The settings with the change. Throws `invalid_request` for a tag that is not there, or two with one name. */
export function changedForum(before: StoredForum, { tags, requires_tag, order }: ForumPatch): StoredForum {
  let { nextTagId } = before;
  const known = new Set(before.tags.map(({ id }) => id));
  const next = tags?.map(({ id, name, emoji, moderated }): ForumTag => {
    if (id === undefined) return { id: nextTagId++, name, emoji, moderated };
    if (!known.delete(id)) throw new AppError("invalid_request", "The forum has no such tag.");
    return { id, name, emoji, moderated };
  });
  if (next && new Set(next.map(({ name }) => name.toLowerCase())).size < next.length) {
    throw new AppError("invalid_request", "The tags of a forum have different names.");
  }
  return {
    tags: next ?? before.tags,
    requires_tag: requires_tag ?? before.requires_tag,
    order: order ?? before.order,
    nextTagId,
  };
}

/** For the audit log. */
export function forumFields({ tags, requires_tag, order }: StoredForum) {
  const named = tags.map(({ emoji, name, moderated }) => `${emoji ?? ""} ${name}${moderated ? "*" : ""}`.trim());
  return { tags: named.join(", "), requires_tag, post_order: order };
}

/** Ids of the tags that the change removes. */
export function removedTags(before: StoredForum, after: StoredForum): number[] {
  const left = new Set(after.tags.map(({ id }) => id));
  return before.tags.map(({ id }) => id).filter((id) => !left.has(id));
}
