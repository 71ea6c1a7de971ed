import type { SQLInputValue } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import { setDeadline } from "../../concurrency/deadline.ts";
import type { Line } from "../../concurrency/lines.ts";
import type { QueryReply, QueryThread } from "./query-protocol.ts";

export interface Statement {
  sql: string;
  parameters: readonly SQLInputValue[];
}

/** The database's only writer: in this process, or in the primary of several worker processes. */
export interface SqliteWriter {
  /** Runs one statement in a transaction of its own, when its turn comes. */
  run(statement: Statement): Promise<QueryReply>;
  /** Resolves when its turn has come and the transaction is open. All other writers wait until it ends. */
  begin(): Promise<OpenTransaction>;
}

/** A transaction that the caller must end. */
export interface OpenTransaction {
  run(statement: Statement): Promise<QueryReply>;
  /** When it rejects, the transaction must still be rolled back. */
  commit(): Promise<void>;
  /** Does nothing when the transaction has ended. */
  rollback(): Promise<void>;
}

/** A write transaction blocks all other writers, so it is rolled back after this time. */
const writeTimeoutMs = 10_000;

/** Writes through a worker thread of this process. */
export class ThreadWriter implements SqliteWriter {
  readonly #link: QueryThread;
  readonly #lock: Line;
  readonly #clock: Clock | null;

  /**
   * `lock` is the line of all writers but the log, which writes on a connection of its own. `clock`: of the time that a
   * transaction may last; null: any.
   */
  constructor(link: QueryThread, lock: Line, clock: Clock | null) {
    this.#link = link;
    this.#lock = lock;
    this.#clock = clock;
  }

  run(statement: Statement): Promise<QueryReply> {
    return this.#lock.run(() => this.#link.call({ slot: 0, ...statement }));
  }

  async begin(): Promise<OpenTransaction> {
    const release = await this.#lock.acquire();
    const transaction = await beginOn(this.#link, { slot: 0, sql: "begin immediate", finish: release });
    return this.#clock ? new LimitedTransaction(transaction, this.#clock) : transaction;
  }
}

/** Opens a transaction on the connection of a slot. `finish` is called once it has ended or could not begin. */
export async function beginOn(
  link: QueryThread,
  { slot, sql, finish }: { slot: number; sql: "begin" | "begin immediate"; finish: () => void },
): Promise<OpenTransaction> {
  const call = (statement: Statement) => link.call({ slot, ...statement });
  let isOpen = true;
  const end = () => {
    isOpen = false;
    finish();
  };
  try {
    await call({ sql, parameters: [] });
  } catch (error) {
    finish();
    throw error;
  }
  return {
    run: call,
    async commit() {
      await call({ sql: "commit", parameters: [] });
      end();
    },
    async rollback() {
      if (!isOpen) return;
      isOpen = false;
      await call({ sql: "rollback", parameters: [] }).finally(finish);
    },
  };
}

/** Rolled back when it lasts too long; its later statements and its commit then reject. */
class LimitedTransaction implements OpenTransaction {
  readonly #transaction: OpenTransaction;
  readonly #timer: { cancel(): void };
  #hasExpired = false;

  constructor(transaction: OpenTransaction, clock: Clock) {
    this.#transaction = transaction;
    this.#timer = setDeadline(clock, () => this.#expire(), writeTimeoutMs);
  }

  async run(statement: Statement): Promise<QueryReply> {
    this.#requireTime();
    return this.#transaction.run(statement);
  }

  async commit(): Promise<void> {
    this.#requireTime();
    await this.#transaction.commit();
    this.#timer.cancel();
  }

  async rollback(): Promise<void> {
    this.#timer.cancel();
    await this.#transaction.rollback();
  }

  #requireTime(): void {
    if (this.#hasExpired) {
      throw new Error(`A write transaction lasted more than ${writeTimeoutMs} ms and was rolled back.`);
    }
  }

  #expire(): void {
    this.#hasExpired = true;
    // Fails only when the worker died, which the link reports.
    this.#transaction.rollback().catch(() => {});
  }
}
