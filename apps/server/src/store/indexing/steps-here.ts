import { Turns } from "../../concurrency/turns.ts";
import {
  changedMessages,
  channelsBehind,
  messagesBelow,
  partsOf,
  startOfRebuild,
  type SourceRow,
  type Stretch,
} from "../queries/search-source.ts";
import { searchIndex } from "../search/open-index.ts";
import type { IndexBatch, SearchIndex } from "../search/search-index.ts";
import type { SearchDb } from "../search/tables.ts";
import { dialectOf } from "../sql-dialect.ts";
import { channelsAtOnce, type Followed, type IndexSteps } from "./index-steps.ts";
import { SeenEdits } from "./seen-edits.ts";

/** Messages or positions that a step reads. */
const readAtOnce = { least: 4, most: 250 };
/** Milliseconds after which other work has its turn while messages are read, which may be long ones. */
const turnMs = 4;

interface StepsOptions {
  search: SearchDb;
  /**
   * A step that has come to so many letters, those of the terms included, writes what it has, and the next one goes on
   * there. Work grows with letters, and they are the same however busy the machine is.
   */
  letters: number;
}

/** What a step reads of a log, in the order of the log. */
interface Change {
  readonly row: SourceRow;
  /** Place of its channel in the step. */
  readonly channel: number;
  readonly seq: number;
}

type Behind = Awaited<ReturnType<typeof channelsBehind>>[number];

/** The steps, in the thread that calls them. */
export class StepsHere implements IndexSteps {
  readonly #search: SearchDb;
  readonly #index: SearchIndex;
  readonly #letters: number;
  readonly #edits = new SeenEdits();
  #behind: readonly Behind[] = [];
  #atOnce = readAtOnce.most;

  constructor({ search, letters }: StepsOptions) {
    this.#search = search;
    this.#index = searchIndex(search, dialectOf(search));
    this.#letters = letters;
  }

  async reset(epoch: string): Promise<number> {
    const start = await startOfRebuild(this.#search);
    await this.#index.reset({ epoch, ...start });
    return start.remainingBelow;
  }

  async look(): Promise<number> {
    this.#behind = await channelsBehind(this.#search, channelsAtOnce);
    return this.#behind.length;
  }

  async follow(): Promise<Followed | null> {
    const behind = this.#behind;
    // A step that fails leaves nothing to the next one, before which somebody looks again.
    this.#behind = [];
    if (behind.length === 0) return { changes: 0, isMore: false };
    const stretches = firstOf(behind, this.#atOnce);
    const changes = await this.#changes(stretches);
    const rows = changes.map(({ row }) => row);
    const { taken, ...batch } = await this.#documents(rows);
    const positions = reached(stretches, changes[taken]);
    if (!(await this.#index.write({ ...batch, positions }))) return null;
    this.#edits.note(rows.slice(0, taken));
    const indexed = new Map(positions.map(({ channelId, to }) => [channelId, to]));
    this.#behind = behind
      .map((channel) => ({ ...channel, indexed: indexed.get(channel.id) ?? channel.indexed }))
      .filter((channel) => channel.indexed < channel.seq);
    const moved = positions.reduce((sum, { from, to }) => sum + to - from, 0);
    return { changes: moved, isMore: this.#behind.length > 0 };
  }

  async rebuild(below: number): Promise<number | null> {
    const limit = this.#atOnce;
    const rows = await messagesBelow(this.#search, below, limit);
    const { taken, ...batch } = await this.#documents(rows);
    const isLast = taken === rows.length && rows.length < limit;
    const to = isLast ? 0 : rows[taken - 1]!.id;
    const isWritten = await this.#index.write({ ...batch, positions: [], remainingBelow: { from: below, to } });
    return isWritten ? to : null;
  }

  /** Of each message that the index does not have as it is now, where in the stretches it is indexed. */
  async #changes(stretches: readonly Stretch[]): Promise<Change[]> {
    const places = new Map(stretches.map(({ channelId, from }, channel) => [channelId, { channel, from }]));
    const rows = await changedMessages(this.#search, stretches);
    const changes = rows.flatMap((row): Change[] => {
      const { channel, from } = places.get(row.channel_id)!;
      // With its sending, where that is among what is read: after a step that ended in between it counts as indexed.
      if (row.seq > from) return [{ row, channel, seq: row.seq }];
      return this.#edits.isKnown(row) ? [] : [{ row, channel, seq: row.updated_seq }];
    });
    return changes.toSorted((a, b) => a.channel - b.channel || a.seq - b.seq);
  }

  /** What the index takes of the messages, from the first on, as many as there is time for, but one at least. */
  async #documents(rows: readonly SourceRow[]): Promise<Pick<IndexBatch, "documents" | "removed"> & { taken: number }> {
    const present = rows.filter(isFound);
    if (present.length === 0) return { documents: [], removed: rows.map((row) => row.id), taken: rows.length };
    // Loaded with the first message: stems of words take megabytes.
    const { termsOf, textsOf } = await import("../../search/document.ts");
    const parts = await partsOf(this.#search, present);
    const documents: { id: number; terms: string[] }[] = [];
    const turns = new Turns(turnMs);
    let letters = 0;
    let taken = 0;
    for (const row of rows) {
      taken += 1;
      if (!isFound(row)) continue;
      const mentions = (parts.mentions.get(row.id) ?? []).map(({ user_id }) => user_id);
      const people = (parts.people.get(row.channel_id) ?? []).map(({ user_id }) => user_id);
      const message = { ...row, ...parts.texts(row.id), mentions, people };
      const terms = termsOf(message);
      documents.push({ id: row.id, terms });
      letters += lettersOf(textsOf(message)) + lettersOf(terms);
      if (letters >= this.#letters) break;
      await turns.pause();
    }
    // What is read and not taken is read again, so a step reads hardly more than the one before took.
    const { least, most } = readAtOnce;
    this.#atOnce = taken < rows.length ? Math.max(least, Math.ceil(1.2 * taken)) : Math.min(most, 2 * this.#atOnce);
    const changed = rows.slice(0, taken).filter((row) => row.deleted_at !== null || row.edited_at !== null);
    return { documents, removed: changed.map((row) => row.id), taken };
  }
}

/** Lines that calls and pins leave are found by nothing. */
function isFound(row: SourceRow): boolean {
  return row.deleted_at === null && row.call_ms === null;
}

function lettersOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** So many positions of the channels, from the first channel on. */
function firstOf(channels: readonly Behind[], count: number): Stretch[] {
  const stretches: Stretch[] = [];
  let room = count;
  for (const { id, seq, indexed } of channels) {
    if (room === 0) break;
    const to = Math.min(seq, indexed + room);
    stretches.push({ channelId: id, from: indexed, to });
    room -= to - indexed;
  }
  return stretches;
}

/** What comes of the stretches before the change that is left; all of them when none is. */
function reached(stretches: readonly Stretch[], left: Change | undefined): readonly Stretch[] {
  if (!left) return stretches;
  const last = { ...stretches[left.channel]!, to: left.seq - 1 };
  return [...stretches.slice(0, left.channel), ...(last.to > last.from ? [last] : [])];
}
