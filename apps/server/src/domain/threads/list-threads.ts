import type { Threads, ThreadState } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { notificationSettings } from "../../store/queries/notification-levels.ts";
import * as threads from "../../store/queries/threads.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "clock">;

/** The threads of a channel, a page at a time, the latest activity first. Throws `not_found`. */
export async function listThreads(
  context: Context,
  actor: Actor,
  parentId: number,
  page: threads.ThreadsPage,
): Promise<Threads> {
  const { store, clock } = context;
  const { userId } = actor;
  await channelAccess(context, actor, parentId);
  const settings = await notificationSettings(store.db, userId);
  return threads.listThreads(store.db, userId, parentId, { ...page, settings, now: clock.now() });
}

/** One thread, for users who see it. Throws `not_found`, also for a channel that is no thread. */
export async function thread(context: Context, actor: Actor, threadId: number): Promise<ThreadState> {
  const { store, clock } = context;
  const { userId } = actor;
  await channelAccess(context, actor, threadId);
  const settings = await notificationSettings(store.db, userId);
  const found = await threads.threadState(store.db, userId, threadId, { settings, now: clock.now() });
  if (!found) throw new AppError("not_found", "There is no such thread.");
  return found;
}
