import { SelectQueryNode, type CompiledQuery, type DatabaseConnection, type QueryResult } from "kysely";
import type { SQLInputValue } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import { setDeadline } from "../../concurrency/deadline.ts";
import type { QueryReply, QueryRequest } from "./query-protocol.ts";
import type { Snapshots } from "./snapshots.ts";
import type { Semaphore } from "../../concurrency/semaphore.ts";
import type { WorkerLink } from "./worker-link.ts";

type QueryLink = WorkerLink<QueryRequest, QueryReply>;

/** A write transaction blocks all other writers, so it is rolled back after this time. */
const writeTimeoutMs = 10_000;

export interface SqliteLinks {
  reader: QueryLink;
  writer: QueryLink;
  /** Shared with the log, which writes on a connection of its own. */
  writeLock: Semaphore;
  clock: Clock;
}

interface OpenTransaction {
  link: QueryLink;
  slot: number;
  /** Releases the turn to write or the slot that this transaction holds. */
  finish: () => void;
  /** Rolled back because it lasted too long; its later statements and its commit reject. */
  expired: boolean;
}

/**
 * Connection for Kysely, bound to a worker's connection only while a transaction is open. Outside of transactions,
 * selects run on the reader without waiting for writers, and all other statements wait for their turn to write.
 */
export class WorkerConnection implements DatabaseConnection {
  readonly #links: SqliteLinks;
  readonly #snapshots: Snapshots;
  #transaction: OpenTransaction | null = null;

  constructor(links: SqliteLinks, snapshots: Snapshots) {
    this.#links = links;
    this.#snapshots = snapshots;
  }

  async executeQuery<Row>({ query, sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { reader, writer, writeLock } = this.#links;
    const request = { slot: 0, sql, parameters: parameters as readonly SQLInputValue[] };
    const reply = this.#transaction
      ? await this.#runInTransaction(this.#transaction, request)
      : await (SelectQueryNode.is(query) ? reader.call(request) : writeLock.run(() => writer.call(request)));
    return {
      rows: reply.rows as Row[],
      numAffectedRows: BigInt(reply.changes),
      insertId: BigInt(reply.lastInsertRowid),
    };
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("Streaming is not supported: ask for pages.");
  }

  async beginWrite(): Promise<void> {
    const { writer, writeLock, clock } = this.#links;
    const releaseLock = await writeLock.acquire();
    const timer = setDeadline(clock, () => this.#expire(), writeTimeoutMs);
    await this.#begin("begin immediate", {
      link: writer,
      slot: 0,
      expired: false,
      finish: () => (timer.cancel(), releaseLock()),
    });
  }

  async beginRead(): Promise<void> {
    const slot = await this.#snapshots.take();
    const finish = () => this.#snapshots.giveBack(slot);
    await this.#begin("begin", { link: this.#links.reader, slot, expired: false, finish });
  }

  async commit(): Promise<void> {
    const transaction = this.#transaction;
    if (!transaction) return;
    if (transaction.expired) throw expiredError();
    // When this fails, Kysely calls rollback.
    await transaction.link.call({ slot: transaction.slot, sql: "commit", parameters: [] });
    this.#transaction = null;
    transaction.finish();
  }

  async rollback(): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = null;
    if (transaction && !transaction.expired) await undo(transaction);
  }

  async #begin(sql: string, transaction: OpenTransaction): Promise<void> {
    try {
      await transaction.link.call({ slot: transaction.slot, sql, parameters: [] });
      this.#transaction = transaction;
    } catch (error) {
      transaction.finish();
      throw error;
    }
  }

  async #runInTransaction({ link, slot, expired }: OpenTransaction, request: QueryRequest): Promise<QueryReply> {
    if (expired) throw expiredError();
    return link.call({ ...request, slot });
  }

  #expire(): void {
    const transaction = this.#transaction;
    if (!transaction || transaction.expired) return;
    transaction.expired = true;
    // Fails only when the worker died, which the link reports.
    void undo(transaction).catch(() => {});
  }
}

async function undo({ link, slot, finish }: OpenTransaction): Promise<void> {
  try {
    await link.call({ slot, sql: "rollback", parameters: [] });
  } finally {
    finish();
  }
}

function expiredError(): Error {
  return new Error(`A write transaction lasted more than ${writeTimeoutMs} ms and was rolled back.`);
}
