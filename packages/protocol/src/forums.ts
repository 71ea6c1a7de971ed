import { z } from "zod";
import { limits } from "./limits.ts";
import { attachmentRefs } from "./main-commands.ts";
import * as model from "./model.ts";
import { thread } from "./server-state.ts";

/** A post in the list of its forum, as everybody sees it. */
export const post = thread.extend({
  author: model.user,
  /** The first message as a preview, like `ReplyPreview.content`; empty once it is deleted. */
  excerpt: z.string(),
  /** When it was created, written in, or taken out of the archive last. */
  active_at: model.isoTime,
  last_message_seq: model.seq,
  /** Rises with each change of title, tags, pin, lock and archive by a command: the event with a lower one is outdated in them. */
  revision: model.seq,
});
/** The same with what only the caller has. Unread: `last_message_seq > read_seq`. */
export const listedPost = post.extend({ is_following: z.boolean(), read_seq: model.seq });

/**
 * Archived posts too. `pinned`: the one pinned last first; only on the first page. `cursor`: `ms-id` of the last post, for the
 * next page; null at the end.
 */
export const posts = z.object({
  pinned: z.array(listedPost),
  posts: z.array(listedPost),
  cursor: z.string().nullable(),
});

const postTags = z.array(model.id).max(limits.tagsPerPost);
export const postBody = z.object({
  name: model.title(limits.channelNameLength),
  tags: postTags.default([]),
  content: z.string().max(limits.messageLength),
  attachments: attachmentRefs.optional(),
});
export const postPatch = z.object({ tags: postTags, pinned: z.boolean() }).partial();

export const postsQuery = z.object({
  /** Default: that of the forum. */
  order: model.postOrder.optional(),
  /** Ids separated by commas: posts that have one of them. */
  tags: z
    .string()
    .max(200)
    .transform((text) => text.split(",").filter(Boolean).map(Number))
    .pipe(z.array(model.id).max(limits.tagsPerForum))
    .optional(),
  /** That of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,16}-\d{1,16}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.postsPageSize),
});

/** `tags`: all of them in their order; one without an id is new, one that is missing is removed, from its posts too. */
export const forumPatch = z
  .object({
    tags: z.array(model.forumTag.partial({ id: true })).max(limits.tagsPerForum),
    requires_tag: z.boolean(),
    order: model.postOrder,
  })
  .partial();

export type Post = z.infer<typeof post>;
export type ListedPost = z.infer<typeof listedPost>;
export type Posts = z.infer<typeof posts>;
export type PostBody = z.input<typeof postBody>;
export type PostsQuery = z.input<typeof postsQuery>;
export type ForumPatch = z.infer<typeof forumPatch>;
