import type { ForumSettings } from "@miscord/protocol";

/** Of `channels.forum`. */
export interface StoredForum extends ForumSettings {
  /** Ids of tags that are gone are not used again. */
  nextTagId: number;
}

export const newForum: StoredForum = { tags: [], requires_tag: false, order: "activity", nextTagId: 1 };

export function parseForum(text: string): StoredForum {
  return JSON.parse(text) as StoredForum;
}

export function presentForum({ tags, requires_tag, order }: StoredForum): ForumSettings {
  return { tags, requires_tag, order };
}
