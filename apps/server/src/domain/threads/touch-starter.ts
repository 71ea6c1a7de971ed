import type { Actor, DomainContext } from "../context.ts";

/** Tells those who have the parent open what its message shows of the thread. A message that is gone shows nothing. */
export async function touchStarter(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  { userId }: Actor,
  messageId: number | null,
): Promise<void> {
  if (messageId !== null) await store.log.commit({ kind: "touch", actorId: userId, messageId, at: clock.now() });
}
