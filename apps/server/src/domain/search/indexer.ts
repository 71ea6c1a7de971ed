import type { Cluster } from "../../cluster/contract.ts";
import type { Clock } from "../../clock.ts";
import { every } from "../../concurrency/every.ts";
import { Turns } from "../../concurrency/turns.ts";
import type { Store } from "../../store/contract.ts";
import {
  changedMessages,
  channelsBehind,
  lostChannels,
  messagesBelow,
  partsOf,
  startOfRebuild,
  type SourceRow,
  type Stretch,
} from "../../store/queries/search-source.ts";
import { searchIndex } from "../../store/search/open-index.ts";
import type { IndexBatch, SearchIndex } from "../../store/search/search-index.ts";
import { readState } from "../../store/search/state.ts";
import { indexEpochOf } from "./index-epoch.ts";
import { SeenEdits } from "./seen-edits.ts";

const claimName = "search";
/** A new message is found after this time at the latest, unless the index is behind. */
const everyMs = 1_000;
const messagesAtOnce = 250;
const positionsAtOnce = 250;
const channelsAtOnce = 200;
/** Milliseconds after which other work has its turn while messages are read, which may be long ones. */
const turnMs = 4;
/** Looking for channels that are behind costs time with their number; at most this share of it is spent so. */
const shareOfTime = 0.05;
/** A rebuild works this share of the time: less beside people who write, so that their messages hardly wait. */
const rebuildShare = { atRest: 0.6, besideWriters: 0.12 };
/** From so many changes a second on, people write. */
const writersChange = 20;

export interface IndexerOptions {
  readonly store: Pick<Store, "search" | "searchState" | "dialect" | "epoch">;
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

/** Exported for tests and the benchmark; `startIndexing` runs it. */
export class Indexer {
  readonly #options: IndexerOptions;
  readonly #index: SearchIndex;
  readonly #edits = new SeenEdits();
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
    const { search, searchState } = this.#options.store;
    const epoch = indexEpochOf(this.#options.store);
    const { remainingBelow } = await readState(searchState, epoch);
    if (remainingBelow !== null) return remainingBelow;
    const start = await startOfRebuild(search);
    await this.#index.reset({ epoch, ...start });
    return start.remainingBelow;
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
    for (let isMore = true; isMore;) {
      if (!this.#isOwn()) return null;
      const startedAt = clock.monotonic();
      const channels = await channelsBehind(store.searchState, channelsAtOnce);
      lookedMs += clock.monotonic() - startedAt;
      isMore = channels.length === channelsAtOnce;
      for (let next = 0; next < channels.length;) {
        if (!this.#isOwn()) return null;
        const batch = await this.#changes(channels.slice(next));
        if (!(await this.#index.write(batch))) return null;
        this.#edits.note(batch.changed);
        next += batch.positions.length;
        changes += batch.positions.reduce((sum, { from, to }) => sum + to - from, 0);
        // A full batch may leave the rest of its last channel.
        isMore ||= batch.positions.at(-1)!.to < channels[next - 1]!.seq;
      }
    }
    return { lookedMs, changes };
  }

  /** What changed in the first of the channels, as far as a batch goes. */
  async #changes(
    channels: readonly { id: number; seq: number; indexed: number }[],
  ): Promise<IndexBatch & { changed: readonly SourceRow[] }> {
    const { search } = this.#options.store;
    const positions: Stretch[] = [];
    let room = positionsAtOnce;
    for (const { id, seq, indexed } of channels) {
      if (room === 0) break;
      const to = Math.min(seq, indexed + room);
      positions.push({ channelId: id, from: indexed, to });
      room -= to - indexed;
    }
    const from = new Map(positions.map((stretch) => [stretch.channelId, stretch.from]));
    const rows = await changedMessages(search, positions);
    const changed = rows.filter((row) => row.seq > from.get(row.channel_id)! || !this.#edits.isKnown(row));
    return { ...(await this.#documents(changed)), positions, changed };
  }

  async #documents(rows: readonly SourceRow[]): Promise<Pick<IndexBatch, "documents" | "removed">> {
    // Lines that calls and pins leave are found by nothing.
    const present = rows.filter((row) => row.deleted_at === null && row.call_ms === null);
    if (present.length === 0) return { documents: [], removed: rows.map((row) => row.id) };
    const { search } = this.#options.store;
    // Loaded with the first message: stems of words take megabytes.
    const { termsOf } = await import("../../search/document.ts");
    const parts = await partsOf(search, present);
    const documents: { id: number; terms: string[] }[] = [];
    const turns = new Turns(turnMs);
    for (const row of present) {
      const mentions = (parts.mentions.get(row.id) ?? []).map(({ user_id }) => user_id);
      const people = (parts.people.get(row.channel_id) ?? []).map(({ user_id }) => user_id);
      documents.push({ id: row.id, terms: termsOf({ ...row, ...parts.texts(row.id), mentions, people }) });
      await turns.pause();
    }
    const changed = rows.filter((row) => row.deleted_at !== null || row.edited_at !== null);
    return { documents, removed: changed.map((row) => row.id) };
  }

  async #rebuildStep(below: number): Promise<number> {
    const rows = await messagesBelow(this.#options.store.search, below, messagesAtOnce);
    const next = rows.length < messagesAtOnce ? 0 : (rows.at(-1)?.id ?? 0);
    const batch = await this.#documents(rows);
    const isWritten = await this.#index.write({ ...batch, positions: [], remainingBelow: { from: below, to: next } });
    // Another node has moved it on: the next run reads where it stands.
    if (!isWritten) return 0;
    if (next === 0) await this.#index.compact();
    return next;
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
