import type { PostOrder, Posts } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { channelsById } from "../../store/queries/channels.ts";
import * as posts from "../../store/queries/posts.ts";
import type { Tables } from "../../store/schema.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { longRead } from "../long-read.ts";

interface PostsQuery {
  order?: PostOrder | undefined;
  tags?: readonly number[] | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** A page of a forum's posts. Throws `not_found`, `invalid_request` for a channel that is no forum, or with tags `rate_limited`. */
export async function listPosts(
  context: Pick<DomainContext, "store" | "clock" | "rates">,
  actor: Actor,
  forumId: number,
  { order, tags = [], ...page }: PostsQuery,
): Promise<Posts> {
  const { store, clock } = context;
  const { userId } = actor;
  await channelAccess(context, actor, forumId);
  const [found] = await channelsById(store.db, [forumId]);
  const forum = found?.channel.forum;
  if (!forum) throw new AppError("invalid_request", "Only a forum has posts.");
  const query = { ...page, tags, order: order ?? forum.order, now: clock.now() };
  const read = (db: Kysely<Tables>) => posts.listPosts(db, userId, forumId, query);
  return tags.length > 0 ? longRead(context, userId, read) : read(store.db);
}
