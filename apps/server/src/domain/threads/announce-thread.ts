import { followersOf, threadById } from "../../store/queries/threads.ts";
import type { DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { followed } from "./follow-thread.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock">;

/** Tells those who follow the thread, and those who have it open, what it is now. */
export async function announceThread({ store, bus, clock }: Context, threadId: number): Promise<void> {
  const thread = await threadById(store.db, threadId, clock.now());
  if (!thread) return;
  const event = { type: "thread_updated", server_id: thread.server_id, thread } as const;
  for (const topic of [`viewers:${threadId}`, `channel:${threadId}`] as const) publish({ bus }, topic, event);
}

/** The same of a thread that is back from the archive: sessions and clients that loaded their state meanwhile lack it. */
export async function announceRevival(context: Context, threadId: number): Promise<void> {
  await announceThread(context, threadId);
  followed(context, threadId, await followersOf(context.store.db, threadId), { isRevived: true });
}
