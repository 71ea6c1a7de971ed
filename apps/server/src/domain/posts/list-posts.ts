import type { PostOrder, Posts } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { channelsById } from "../../store/queries/channels.ts";
import * as posts from "../../store/queries/posts.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

interface PostsQuery {
  order?: PostOrder | undefined;
  tags?: readonly number[] | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** A page of a forum's posts. Throws `not_found`, or `invalid_request` for a channel that is no forum. */
export async function listPosts(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  actor: Actor,
  forumId: number,
  { order, tags = [], ...page }: PostsQuery,
): Promise<Posts> {
  await channelAccess({ store, clock }, actor, forumId);
  const [found] = await channelsById(store.db, [forumId]);
  const forum = found?.channel.forum;
  if (!forum) throw new AppError("invalid_request", "Only a forum has posts.");
  const query = { ...page, tags, order: order ?? forum.order, now: clock.now() };
  return posts.listPosts(store.db, actor.userId, forumId, query);
}
