import type { Message } from "@miscord/protocol";
import type { BallotRow, PollRow } from "../poll-tables.ts";
import type { Facts } from "./facts.ts";
import { ballotKey } from "./keys.ts";
import type { LogChanges } from "./transaction.ts";

/** The polls of a batch, as changed by its commands so far. */
export class BatchPolls {
  /** By message id: the message as the event of the batch's latest vote in it shows it. */
  readonly shown = new Map<number, Message>();
  readonly #facts: Pick<Facts, "polls" | "ballots">;
  readonly #new = new Set<PollRow>();
  readonly #changed = new Set<PollRow>();
  readonly #removed = new Set<PollRow>();
  readonly #ballots = new Map<string, BallotRow>();

  constructor(facts: Pick<Facts, "polls" | "ballots">) {
    this.#facts = facts;
  }

  of(messageId: number): PollRow | undefined {
    return this.#facts.polls.get(messageId);
  }

  add(row: PollRow): void {
    this.#facts.polls.set(row.message_id, row);
    this.#new.add(row);
  }

  change(row: PollRow, fields: Partial<Pick<PollRow, "ends_at" | "counts" | "voters">>): void {
    Object.assign(row, fields);
    if (!this.#new.has(row)) this.#changed.add(row);
  }

  /** With its ballots. */
  remove(messageId: number): void {
    const row = this.of(messageId);
    if (!row) return;
    this.#facts.polls.delete(messageId);
    this.#changed.delete(row);
    for (const [key, ballot] of this.#ballots) if (ballot.message_id === messageId) this.#ballots.delete(key);
    if (!this.#new.delete(row)) this.#removed.add(row);
  }

  /** Known of those who vote in the batch. */
  ballot(messageId: number, userId: number): BallotRow | undefined {
    return this.#facts.ballots.get(ballotKey(messageId, userId));
  }

  setBallot(row: BallotRow): void {
    const key = ballotKey(row.message_id, row.user_id);
    this.#facts.ballots.set(key, row);
    this.#ballots.set(key, row);
  }

  changes(): Pick<LogChanges, "newPolls" | "changedPolls" | "removedPolls" | "newBallots"> {
    return {
      newPolls: [...this.#new],
      changedPolls: [...this.#changed],
      removedPolls: [...this.#removed],
      newBallots: [...this.#ballots.values()],
    };
  }
}
