import { every } from "../../concurrency/every.ts";
import type { Store } from "../../store/contract.ts";
import { claimedPlaceholders, giveSome } from "../../store/queries/claim-placeholder.ts";
import { requestRebuild } from "../../store/search/state.ts";
import type { DomainContext } from "../context.ts";
import { announceGiven } from "./announce-imports.ts";

interface Claimed {
  /** The placeholder, and who has claimed it. */
  from: number;
  to: number;
}

interface Between {
  /** Called after each transaction with the channels in which something has changed, and how long it took. */
  given: (channelIds: readonly number[], ms: number) => Promise<void>;
}

/**
 * Gives all that a placeholder wrote to whoever has claimed it, in transactions between which others write; the index of the search
 * is made anew. Whatever was given before stays so: after a crash it goes on.
 */
export async function giveWritten(
  { db, search }: Pick<Store, "db" | "search">,
  { from, to }: Claimed,
  { given }: Between,
): Promise<void> {
  for (;;) {
    const startedAt = performance.now();
    const channelIds = await db.transaction().execute((trx) => giveSome(trx, from, to));
    if (channelIds === null) break;
    await given(channelIds, performance.now() - startedAt);
  }
  // It knows messages by their author.
  await requestRebuild(search);
}

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "cluster">;

const everyMs = 60_000;
/** A server that starts has other work first. */
const firstMs = 5_000;
const claimName = "giving";

/**
 * The same, telling everybody who has one of the channels open. Half of the time is left to others, so nothing is done while this
 * node or another one gives it already.
 */
export async function giveAndTell(context: Context, claimed: Claimed): Promise<void> {
  const { store, clock, cluster } = context;
  const name = `${claimName}:${claimed.from}`;
  if (cluster.owns(name)) return;
  // Without the other nodes it goes on: two that give the same are slower, and each message is given once.
  const owner = await cluster.claim(name).catch(() => cluster.nodeId);
  if (owner !== cluster.nodeId) return;
  const given = async (channelIds: readonly number[], ms: number) => {
    await announceGiven(context, channelIds);
    await new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
  };
  try {
    await giveWritten(store, claimed, { given });
    await announceGiven(context, [], claimed.to);
  } finally {
    // Once they cannot be reached, its lease keeps it, and nothing is left to give.
    await cluster.release(name).catch(() => {});
  }
}

/** Goes on with what a crash interrupted. */
export async function resumeGiving(context: Context): Promise<void> {
  for (const { id, user_id: to } of await claimedPlaceholders(context.store.db)) {
    await giveAndTell(context, { from: id, to });
  }
}

/** Goes on after the start, when a node is gone, and once a minute, on one node of several. Returns the function that stops it. */
export function startGiving(context: Context, onError: (error: unknown) => void): () => void {
  const { clock, cluster } = context;
  let isStopped = false;
  const work = async () => {
    if (isStopped || (await cluster.claim(claimName)) !== cluster.nodeId) return;
    await resumeGiving(context);
  };
  const begin = () => void work().catch((error: unknown) => isStopped || onError(error));
  cluster.onNodeGone(begin);
  const first = clock.setTimeout(begin, firstMs);
  const stop = every(clock, { everyMs, work, onError });
  return () => {
    isStopped = true;
    first.cancel();
    stop();
  };
}
