import type { Selectable } from "kysely";

/** `answers`: JSON, a list of texts. `counts`: the votes of each, as numbers with commas between. */
export interface PollsTable {
  message_id: number;
  answers: string;
  multiple: number;
  anonymous: number;
  /** Null: it goes on until it is closed. */
  ends_at: number | null;
  counts: string;
  /** People whose ballot has answers. */
  voters: number;
}

/** `answers`: places with commas between, ascending; empty for a vote that was taken back. */
export interface BallotsTable {
  message_id: number;
  user_id: number;
  answers: string;
  /** Position of the message with this vote. */
  seq: number;
}

export type PollRow = Selectable<PollsTable>;
export type BallotRow = Selectable<BallotsTable>;
