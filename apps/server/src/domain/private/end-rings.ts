import type { Clock } from "../../clock.ts";
import type { Cluster } from "../../cluster/contract.ts";
import { every } from "../../concurrency/every.ts";
import { haveRingsEnded } from "../../store/queries/calls.ts";
import type { DomainContext } from "../context.ts";
import { endRings } from "./calls.ts";

const everyMs = 1_000;
const claimName = "rings";

/**
 * Ends rings that nobody answers, up to a second late, also those of nodes that are gone. Of several nodes one does this. Returns
 * the function that stops it.
 */
export function watchRings(
  context: Pick<DomainContext, "store" | "bus"> & { clock: Clock; cluster: Cluster },
  onError: (error: unknown) => void,
): () => void {
  const { store, clock, cluster } = context;
  const work = async () => {
    const now = clock.now();
    if (!(await haveRingsEnded(store.db, now))) return;
    if ((await cluster.claim(claimName)) === cluster.nodeId) await endRings(context, { endedBy: now });
  };
  return every(clock, { everyMs, work, onError });
}
