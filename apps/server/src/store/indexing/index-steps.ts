/**
 * What keeping the search index does with data, in steps. Who keeps it decides which of them comes next, and when; of all
 * processes one does.
 */
export interface IndexSteps {
  /** Empties the index, which is then that of `epoch`. Resolves with the id below which all messages are to be indexed. */
  reset(epoch: string): Promise<number>;
  /** Notes for `follow` which channels' logs are ahead of the index. Resolves with how many, at most `channelsAtOnce`. */
  look(): Promise<number>;
  /** Indexes a part of what the last look noted; null: another process has moved the index meanwhile. */
  follow(): Promise<Followed | null>;
  /**
   * Indexes some of the messages with ids below this one, the newest first. Resolves with the id below which the others
   * are, 0: there are none; or with null where another process has moved the index meanwhile.
   */
  rebuild(below: number): Promise<number | null>;
}

export interface Followed {
  /** Positions of logs that the index has come on. */
  readonly changes: number;
  /** Whether something of the last look is left. */
  readonly isMore: boolean;
}

/** A look that finds so many has perhaps not found all. */
export const channelsAtOnce = 200;
