import type { Cluster } from "../../cluster/contract.ts";
import type { Clock } from "../../clock.ts";
import { every } from "../../concurrency/every.ts";
import type { Store } from "../../store/contract.ts";
import { channelsAtOnce } from "../../store/indexing/index-steps.ts";
import { lostChannels } from "../../store/queries/search-source.ts";
import { searchIndex } from "../../store/search/open-index.ts";
import type { SearchIndex } from "../../store/search/search-index.ts";
import { readState } from "../../store/search/state.ts";
import { indexEpochOf } from "./index-epoch.ts";

const claimName = "search";
/** A new message is found after this time at the latest, unless the index is behind. */
const everyMs = 1_000;
/** Looking for channels that are behind costs time with their number; at most this share of it is spent so. */
const shareOfTime = 0.05;
/** A rebuild works this share of the time: less beside people who write, so that their messages hardly wait. */
const rebuildShare = { atRest: 0.6, besideWriters: 0.12 };
/** From so many changes a second on, people write. */
const writersChange = 20;

export interface IndexerOptions {
  readonly store: Pick<Store, "search" | "searchState" | "indexSteps" | "dialect" | "epoch">;
  readonly clock: Clock;
  readonly cluster: Pick<Cluster, "claim" | "owns" | "nodeId">;
}

/**
 * Keeps the search index: reads from each channel's log what changed after the position that the index has, after the
 * commit. An index that is missing, or of other data, is built anew, newest messages first, while what is sent meanwhile
 * is indexed too. Of several nodes one does this. Returns the function that stops it.
 */
export function startIndexing(options: IndexerOptions, onError: (error: unknown) => void): () => void {
  const indexer = new Indexer(options);
  const stop = every(options.clock, { everyMs, work: () => indexer.run(), onError });
  return () => {
    indexer.stop();
    stop();
  };
}

/** Decides which step comes when. Exported for tests and the benchmark; `startIndexing` runs it. */
export class Indexer {
  readonly #options: IndexerOptions;
  readonly #index: SearchIndex;
  #isStopped = false;
  #restUntil = 0;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#index = searchIndex(options.store.search, options.store.dialect);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Brings the index up to date, if this node is the one that does it. Ends early when stopped. */
  async run(): Promise<void> {
    const { cluster, clock } = this.#options;
    if (clock.monotonic() < this.#restUntil || this.#isStopped) return;
    if ((await cluster.claim(claimName)) !== cluster.nodeId) return;
    const remainingBelow = await this.#begin();
    const followed = await this.#follow();
    if (followed === null) return;
    const { lookedMs } = followed;
    const startedAt = clock.monotonic();
    await this.#dropLost();
    const now = clock.monotonic();
    this.#restUntil = now + (lookedMs + now - startedAt) / shareOfTime - everyMs;
    await this.#rebuild(remainingBelow);
  }

  async #rebuild(below: number): Promise<void> {
    const { clock } = this.#options;
    let remainingBelow = below;
    let share = rebuildShare.atRest;
    let followedAt = clock.monotonic();
    let stepAt = followedAt;
    while (remainingBelow > 0 && this.#isOwn()) {
      const now = clock.monotonic();
      if (now >= stepAt) {
        remainingBelow = await this.#rebuildStep(remainingBelow);
        stepAt = now + (clock.monotonic() - now) / share;
      }
      if (clock.monotonic() >= followedAt + everyMs) {
        const followed = await this.#follow();
        const seconds = (clock.monotonic() - followedAt) / 1_000;
        const isBusy = (followed?.changes ?? 0) > seconds * writersChange;
        share = isBusy ? rebuildShare.besideWriters : rebuildShare.atRest;
        followedAt = clock.monotonic();
      }
      await this.#rest(Math.min(stepAt, followedAt + everyMs) - clock.monotonic());
    }
  }

  /** Where the rebuild stands, which starts when there is no index of this data. */
  async #begin(): Promise<number> {
    const { store } = this.#options;
    const epoch = indexEpochOf(store);
    const { remainingBelow } = await readState(store.searchState, epoch);
    return remainingBelow ?? store.indexSteps.reset(epoch);
  }

  /**
   * Indexes what the channels' logs have more than the index. What comes meanwhile is for the next run: otherwise a run
   * would not end while people write, with a commit for every few messages. Resolves with how long looking for channels
   * took and how many positions were read, or with null when it was stopped or another node moved the index.
   */
  async #follow(): Promise<{ lookedMs: number; changes: number } | null> {
    const { clock, store } = this.#options;
    let lookedMs = 0;
    let changes = 0;
    for (let found = channelsAtOnce; found === channelsAtOnce;) {
      if (!this.#isOwn()) return null;
      const startedAt = clock.monotonic();
      found = await store.indexSteps.look();
      lookedMs += clock.monotonic() - startedAt;
      for (let isMore = found > 0; isMore;) {
        if (!this.#isOwn()) return null;
        const step = await store.indexSteps.follow();
        if (step === null) return null;
        changes += step.changes;
        isMore = step.isMore;
      }
    }
    return { lookedMs, changes };
  }

  async #rebuildStep(below: number): Promise<number> {
    const next = await this.#options.store.indexSteps.rebuild(below);
    if (next === 0) await this.#index.compact();
    // Another node has moved it on: the next run reads where it stands.
    return next ?? 0;
  }

  async #dropLost(): Promise<void> {
    const { searchState, dialect } = this.#options.store;
    if (dialect !== "sqlite") return;
    const lost = await lostChannels(searchState, channelsAtOnce);
    if (lost.length > 0) await this.#index.dropChannels(lost);
  }

  #isOwn(): boolean {
    return !this.#isStopped && this.#options.cluster.owns(claimName);
  }

  async #rest(ms: number): Promise<void> {
    if (ms >= 1) await new Promise<void>((resolve) => this.#options.clock.setTimeout(resolve, ms));
  }
}
