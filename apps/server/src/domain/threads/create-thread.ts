import { limits, type ThreadState } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import * as threads from "../../store/queries/threads.ts";
import { isUniqueViolation } from "../../store/sql-dialect.ts";
import { channelCommand, requireStillIn } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireAllowedTitle } from "../servers/allowed-name.ts";
import { requireVerified } from "../servers/verification.ts";
import { followed } from "./follow-thread.ts";
import { thread as threadOf } from "./list-threads.ts";
import { touchStarter } from "./touch-starter.ts";

interface NewThread {
  name: string;
  /** Of the parent. */
  message_id?: number | null | undefined;
  archive_after_s: number;
}

/**
 * Creates a thread in a text channel, from one of its messages or by itself; its creator follows it. Throws `not_found`
 * (also for the message), `forbidden`, `verification_required`, `automod_blocked`, `invalid_request` for another kind of channel, `conflict` when the message has a thread,
 * `limit_reached` or `rate_limited`.
 */
export async function createThread(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "automod">,
  actor: Actor,
  parentId: number,
  input: NewThread,
): Promise<ThreadState> {
  const { store, clock } = context;
  const access = await channelCommand(context, actor, parentId, "createPublicThreads");
  const { serverId, type, channelName, isRestricted } = access;
  if (type !== "text") throw new AppError("invalid_request", "Threads are created in text channels.");
  await requireVerified(context, actor, serverId);
  const channel = { id: parentId, name: channelName, isRestricted };
  await context.rates.threads.spend(actor.userId);
  await requireAllowedTitle(context, actor, { title: input.name, serverId, channel });
  const starterId = input.message_id ?? null;
  const threadId = await store.db
    .transaction()
    .execute(async (db) => {
      await requireStillIn(context, db, actor, { channelId: parentId, permission: "createPublicThreads" });
      if ((await threads.countThreads(db, serverId)) >= limits.threadsPerServer) {
        throw new AppError("limit_reached", `A server has at most ${limits.threadsPerServer} threads.`);
      }
      const starter = starterId === null ? null : await threads.starterOf(db, parentId, starterId);
      if (starter === undefined) throw new AppError("not_found", "There is no such message.");
      if (starter?.threadId) throw hasThread();
      const { name, archive_after_s: archiveAfterS } = input;
      const [ownerId, now] = [actor.userId, clock.now()];
      const id = await threads.insertThread(db, { serverId, parentId, name, ownerId, starterId, archiveAfterS, now });
      await threads.follow(db, id, actor.userId);
      return id;
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? hasThread() : error;
    });
  followed(context, threadId, [actor.userId]);
  await touchStarter(context, actor, starterId);
  return threadOf(context, actor, threadId);
}

function hasThread(): AppError {
  return new AppError("conflict", "The message has a thread already.");
}
