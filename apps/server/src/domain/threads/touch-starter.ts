import type { Actor, DomainContext } from "../context.ts";
import { countingCrowd } from "../crowd-budget.ts";

/** Tells those who have the parent open what its message shows of the thread. A message that is gone shows nothing. */
export async function touchStarter(
  { store, rates, clock }: Pick<DomainContext, "store" | "rates" | "clock">,
  { userId }: Actor,
  messageId: number | null,
): Promise<void> {
  if (messageId === null) return;
  const commit = () => store.log.commit({ kind: "touch", actorId: userId, messageId, at: clock.now() });
  await countingCrowd({ rates }, userId, commit);
}
