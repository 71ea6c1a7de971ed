import type { CompiledQuery, DatabaseConnection, QueryResult, TransactionSettings } from "kysely";
import type pg from "pg";
import type { Clock, Timer } from "../../clock.ts";
import { setDeadline } from "../../concurrency/deadline.ts";
import type { Semaphore } from "../../concurrency/semaphore.ts";
import { AppError, OverloadError } from "../../errors.ts";
import { DatabaseError } from "../sql-dialect.ts";
import { explain, isConflict, isLostConnection } from "./database-errors.ts";
import type { Interruptions } from "./interruptions.ts";
import { lockIds } from "./locks.ts";
import type { PoolTurns } from "./pool-turns.ts";

/** A write transaction blocks the writers of all nodes, so it is rolled back after this time. */
const writeTimeoutMs = 10_000;
const attempts = 4;

export interface PoolOptions {
  turns: PoolTurns;
  /** Write transactions wait for each other in any case; here they wait without holding a connection. */
  writeTurn: Semaphore;
  /** Ends write transactions that last too long; null: they take as long as they need. */
  clock: Clock | null;
  interruptions?: Interruptions;
}

interface OpenTransaction {
  client: pg.PoolClient;
  /** Returns the connection to the pool, or closes it. Calling it a second time does nothing. */
  finish(isLost: boolean): void;
  timer?: Timer;
  /** Closed because it lasted too long; its later statements and its commit reject. */
  expired: boolean;
}

/** Connection for Kysely that holds one of the pool's only while a statement runs or a transaction is open. */
export class PoolConnection implements DatabaseConnection {
  readonly #options: PoolOptions;
  #transaction: OpenTransaction | null = null;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const transaction = this.#transaction;
    const result = await this.#watched(() =>
      transaction ? runIn(transaction, sql, parameters) : this.#runAlone(sql, parameters),
    );
    return { rows: result.rows as Row[], numAffectedRows: BigInt(result.rowCount ?? 0) };
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("Streaming is not supported: ask for pages.");
  }

  async begin({ accessMode, isolationLevel }: TransactionSettings): Promise<void> {
    const level = isolationLevel ? ` isolation level ${isolationLevel}` : "";
    if (accessMode === "read only") return this.#begin([`start transaction${level} read only`], () => {});
    const release = await this.#options.writeTurn.acquire();
    // Read committed by default, so that the statements after the lock see what its former holder wrote.
    await this.#begin([`start transaction${level}`, `select pg_advisory_xact_lock(${lockIds.writes})`], release);
    const { clock } = this.#options;
    if (this.#transaction && clock) this.#transaction.timer = setDeadline(clock, () => this.#expire(), writeTimeoutMs);
  }

  async commit(): Promise<void> {
    const transaction = this.#transaction;
    if (!transaction) return;
    // The commit of an aborted transaction succeeds, with the command tag ROLLBACK. When this fails, Kysely rolls back.
    const { command } = await this.#watched(() => runIn(transaction, "commit", []));
    if (command !== "COMMIT") throw new DatabaseError("other", "The transaction was rolled back.");
    this.#transaction = null;
    transaction.finish(false);
  }

  async rollback(): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = null;
    if (!transaction || transaction.expired) return;
    try {
      await transaction.client.query("rollback");
      transaction.finish(false);
    } catch (error) {
      transaction.finish(true);
      throw explain(error);
    }
  }

  /** Tells of answers, errors among them, and of statements without one. */
  async #watched<T>(run: () => Promise<T>): Promise<T> {
    const { interruptions } = this.#options;
    try {
      const result = await run();
      interruptions?.answered();
      return result;
    } catch (error) {
      if (!isAnswer(error)) interruptions?.lost();
      throw error;
    }
  }

  async #begin(statements: readonly string[], release: () => void): Promise<void> {
    let client: pg.PoolClient | undefined;
    try {
      client = await this.#options.turns.acquire();
      for (const statement of statements) await client.query(statement);
      this.#transaction = open(client, release);
    } catch (error) {
      // The transaction may be open.
      client?.release(true);
      release();
      const explained = explain(error);
      if (!isAnswer(explained)) this.#options.interruptions?.lost();
      throw explained;
    }
  }

  async #runAlone(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#runOnce(sql, parameters);
      } catch (error) {
        if (!isConflict(error) || attempt === attempts) throw explain(error);
      }
    }
  }

  async #runOnce(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    const client = await this.#options.turns.acquire();
    try {
      const result = await client.query(sql, [...parameters]);
      client.release();
      return result;
    } catch (error) {
      client.release(isLostConnection(error));
      throw error;
    }
  }

  #expire(): void {
    const transaction = this.#transaction;
    if (!transaction || transaction.expired) return;
    transaction.expired = true;
    transaction.finish(true);
  }
}

function open(client: pg.PoolClient, release: () => void): OpenTransaction {
  let isFinished = false;
  const transaction: OpenTransaction = {
    client,
    expired: false,
    finish(isLost) {
      if (isFinished) return;
      isFinished = true;
      transaction.timer?.cancel();
      client.release(isLost);
      release();
    },
  };
  return transaction;
}

async function runIn(
  transaction: OpenTransaction,
  sql: string,
  parameters: readonly unknown[],
): Promise<pg.QueryResult> {
  if (transaction.expired) throw expiredError();
  try {
    return await transaction.client.query(sql, [...parameters]);
  } catch (error) {
    if (transaction.expired) throw expiredError();
    throw explain(error);
  }
}

/** Whether the error is what the database answered, or it was not asked at all. */
function isAnswer(error: unknown): boolean {
  if (error instanceof AppError) return error instanceof OverloadError || error.code !== "unavailable";
  return error instanceof DatabaseError;
}

function expiredError(): Error {
  return new Error(`A write transaction lasted more than ${writeTimeoutMs} ms and was rolled back.`);
}
