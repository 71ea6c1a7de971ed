import type { Clock } from "../../clock.ts";
import type { Cluster } from "../../cluster/contract.ts";
import { every } from "../../concurrency/every.ts";
import { allCalls } from "../../store/queries/calls.ts";
import type { DomainContext } from "../context.ts";
import type { DueWork } from "../due-work/due-work.ts";
import type { PrivateCalls } from "../ports.ts";
import { callEnded, endRings } from "./calls.ts";

const pauseMs = 1_000;
const abandonedMs = 60_000;
const claimName = "rings";

/**
 * Ends rings that nobody answers, up to a second late, also those of nodes that are gone. Of several nodes one does this. Returns
 * the function that stops it.
 */
export function watchRings(
  context: Pick<DomainContext, "store" | "bus"> & { clock: Clock; cluster: Cluster },
  due: DueWork,
  onError: (error: unknown) => void,
): () => void {
  const { clock, cluster } = context;
  const work = async () => {
    const now = clock.now();
    if ((await cluster.claim(claimName)) === cluster.nodeId) await endRings(context, { endedBy: now });
  };
  return due.add({ kinds: ["ring"], pauseMs, work, onError });
}

/**
 * Ends calls whose people did not come back after the node of their room was gone: without it the next call would leave a line
 * that lasts until then. Those without anybody twice in a row have ended. Returns the function that stops it.
 */
export function watchCalls(
  context: Pick<DomainContext, "store" | "bus"> & PrivateCalls & { clock: Clock; cluster: Cluster },
  onError: (error: unknown) => void,
): () => void {
  const { store, clock, cluster, voice } = context;
  let suspected: ReadonlySet<string> = new Set();
  const work = async () => {
    const all = await allCalls(store.db);
    const empty = all.filter((call) => voice.statesIn(call.channel_id).length === 0);
    const ended = empty.filter(({ token }) => suspected.has(token));
    suspected = new Set(empty.map(({ token }) => token));
    if (ended.length === 0 || (await cluster.claim(claimName)) !== cluster.nodeId) return;
    for (const call of ended) await callEnded(context, call.channel_id);
  };
  return every(clock, { everyMs: abandonedMs, work, onError });
}
