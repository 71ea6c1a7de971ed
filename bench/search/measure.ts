import { performance } from "node:perf_hooks";
import { searchQuery } from "@miscord/protocol/schemas";
import { systemClock } from "../../apps/server/src/clock.ts";
import { MemoryBus } from "../../apps/server/src/bus/memory.ts";
import { MemoryCluster } from "../../apps/server/src/cluster/memory.ts";
import type { DomainContext } from "../../apps/server/src/domain/context.ts";
import { Indexer, startIndexing } from "../../apps/server/src/domain/search/indexer.ts";
import { indexEpochOf } from "../../apps/server/src/domain/search/index-epoch.ts";
import { searchMessages } from "../../apps/server/src/domain/search/search-messages.ts";
import { sending } from "../../apps/server/src/store/conformance/commands.ts";
import type { Store } from "../../apps/server/src/store/contract.ts";
import { startOfRebuild } from "../../apps/server/src/store/queries/search-source.ts";
import { searchIndex } from "../../apps/server/src/store/search/open-index.ts";
import { requestRebuild } from "../../apps/server/src/store/search/state.ts";
import { createRealtimeContext } from "../../apps/server/src/testing/realtime-context.ts";
import { createRandom, type Corpus } from "./corpus.ts";
import type { Seeded } from "./seed.ts";

type Request = Record<string, unknown>;

/** Kinds of searches, each a request made of a random number. */
export function kindsOf({ lemmas }: Corpus, { serverIds, channelIds, userIds }: Seeded) {
  const word = (from: number, to: number, random: () => number) =>
    lemmas[Math.floor(from + random() * (to - from))] ?? "";
  const pick = <Item>(items: readonly Item[], random: () => number) => items[Math.floor(random() * items.length)];
  return {
    "one of the 40 most common words": (r) => ({ q: word(0, 40, r) }),
    "a common word": (r) => ({ q: word(40, 400, r) }),
    "any word": (r) => ({ q: word(400, 20_000, r) }),
    "a word that no message has": (r) => ({ q: `${word(400, 20_000, r)}щц` }),
    "two common words": (r) => ({ q: `${word(0, 100, r)} ${word(40, 400, r)}` }),
    "a common and a rare word": (r) => ({ q: `${word(0, 100, r)} ${word(2_000, 20_000, r)}` }),
    "three letters of a beginning": (r) => ({ q: word(40, 4_000, r).slice(0, 3) }),
    "an exact phrase": (r) => ({ q: `"${word(0, 60, r)} ${word(0, 60, r)}"` }),
    "a word of one author": (r) => ({ q: word(0, 100, r), author_id: pick(userIds, r) }),
    "a word in one channel": (r) => ({ q: word(0, 4_000, r), channel_id: pick(channelIds, r) }),
    "a word in one server": (r) => ({ q: word(0, 4_000, r), server_id: pick(serverIds, r) }),
    "a word of one day": (r) => ({ q: word(0, 400, r), after: "2025-01-02", before: "2025-01-03" }),
    "best first": (r) => ({ q: `${word(0, 100, r)} ${word(40, 1_000, r)}`, sort: "relevance" }),
    "the middle of many pages": (r) => ({ q: word(0, 40, r), cursor: (Math.floor(r() * 50_000) + 1).toString(36) }),
  } satisfies Record<string, (random: () => number) => Request>;
}

export interface Latencies {
  readonly kind: string;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of CPU of this process, its database threads included, on average. */
  readonly cpu: number;
}

/** Milliseconds of a search by a member of all servers, one at a time. */
export async function measureSearches(
  store: Store,
  kinds: ReturnType<typeof kindsOf>,
  { userId, each }: { userId: number; each: number },
): Promise<Latencies[]> {
  const context = contextOf(store);
  const ask = (request: Request) => searchMessages(context, { userId }, searchQuery.parse(request));
  const all: number[] = [];
  const rows: Latencies[] = [];
  for (const [kind, make] of Object.entries(kinds)) {
    const random = createRandom(kind.length * 7_919);
    const times: number[] = [];
    let cpu = process.cpuUsage();
    for (let round = -3; round < each; round += 1) {
      if (round === 0) cpu = process.cpuUsage();
      const startedAt = performance.now();
      await ask(make(random));
      if (round >= 0) times.push(performance.now() - startedAt);
    }
    all.push(...times);
    const { user, system } = process.cpuUsage(cpu);
    rows.push({ kind, ...quantiles(times), cpu: (user + system) / 1_000 / each });
  }
  const cpu = rows.reduce((sum, row) => sum + row.cpu, 0) / rows.length;
  return [...rows, { kind: "all together", ...quantiles(all), cpu }];
}

function quantiles(times: readonly number[]): { p50: number; p99: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function contextOf(store: Store): DomainContext {
  const parts = { store, bus: new MemoryBus(), cluster: new MemoryCluster(systemClock), clock: systemClock };
  return createRealtimeContext({}, parts as unknown as DomainContext);
}

/** Builds the index without rests; resolves with the milliseconds. */
export async function buildIndex(store: Store): Promise<number> {
  const startedAt = performance.now();
  await new Indexer({
    store,
    cluster: new MemoryCluster(systemClock),
    clock: { ...systemClock, monotonic: () => 0 },
  }).run();
  return performance.now() - startedAt;
}

const roundMs = 6_000;
const senders = 50;

/**
 * Sends a second while the index is rebuilt at the server's pace, as a share of sends a second while it only follows what is
 * sent: the median of rounds.
 */
export async function sendsDuringRebuild(
  store: Store,
  { userIds, channelIds }: Seeded,
  rounds: number,
): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = await startOfRebuild(store.search);
    await searchIndex(store.search, store.dialect).reset({ ...start, epoch: indexEpochOf(store), remainingBelow: 0 });
    const quiet = await sendBesideIndexing(store, userIds, channelIds);
    await requestRebuild(store.search);
    const busy = await sendBesideIndexing(store, userIds, channelIds);
    ratios.push(busy / quiet);
  }
  return ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? Number.NaN;
}

async function sendBesideIndexing(...args: Parameters<typeof sendFor>): Promise<number> {
  const [store] = args;
  const errors: unknown[] = [];
  const options = { store, cluster: new MemoryCluster(systemClock), clock: systemClock };
  const stop = startIndexing(options, (error) => errors.push(error));
  const sent = await sendFor(...args).finally(stop);
  if (errors.length > 0) throw errors[0];
  return sent;
}

let nonces = 0;

async function sendFor(store: Store, userIds: readonly number[], channelIds: readonly number[]): Promise<number> {
  const until = performance.now() + roundMs;
  let sent = 0;
  const sender = async (index: number) => {
    while (performance.now() < until) {
      const nonce = `bench-${(nonces += 1)}`;
      const command = sending(channelIds[index % channelIds.length]!, userIds[index]!, {
        content: `слово ${nonce}`,
        nonce,
      });
      const outcome = await store.log.commit(command);
      if (!outcome.ok) throw new Error(outcome.message);
      sent += 1;
    }
  };
  await Promise.all(Array.from({ length: senders }, (_, index) => sender(index)));
  return (sent * 1_000) / roundMs;
}
