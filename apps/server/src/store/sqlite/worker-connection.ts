import { RawNode, SelectQueryNode, type CompiledQuery, type DatabaseConnection, type QueryResult } from "kysely";
import type { SQLInputValue } from "node:sqlite";
import type { QueryThread } from "./query-protocol.ts";
import type { Snapshots } from "./snapshots.ts";
import { beginOn, type OpenTransaction, type SqliteWriter } from "./writer.ts";

export interface SqliteLinks {
  reader: QueryThread;
  writer: SqliteWriter;
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
    const { reader, writer } = this.#links;
    const statement = { sql, parameters: parameters as readonly SQLInputValue[] };
    const reply = this.#transaction
      ? await this.#transaction.run(statement)
      : await (isSelect(query, sql) ? reader.call({ slot: 0, ...statement }) : writer.run(statement));
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
    this.#transaction = await this.#links.writer.begin();
  }

  async beginRead(): Promise<void> {
    const slot = await this.#snapshots.take();
    const finish = () => this.#snapshots.giveBack(slot);
    this.#transaction = await beginOn(this.#links.reader, { slot, sql: "begin", finish });
  }

  async commit(): Promise<void> {
    // When this fails, Kysely calls rollback.
    await this.#transaction?.commit();
    this.#transaction = null;
  }

  async rollback(): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = null;
    await transaction?.rollback();
  }
}

/** Also one that is written as text. */
function isSelect(query: CompiledQuery["query"], text: string): boolean {
  return SelectQueryNode.is(query) || (RawNode.is(query) && /^\s*select\b/i.test(text));
}
