import type { DatabaseSync, StatementSync } from "node:sqlite";
import { prepareSearchFile } from "../search/search-file.ts";
import { openConnection } from "./connection.ts";
import type { QueriedDatabase, QueryReply, QueryRequest } from "./query-protocol.ts";

/** Most compiled statements cached per connection: SQL texts differ with the length of parameter lists. */
const statementsKept = 300;

interface Connection {
  db: DatabaseSync;
  statements: Map<string, { statement: StatementSync; returnsRows: boolean }>;
}

/** Runs statements in this thread, on connections that it opens when they are needed. */
export class Queries {
  readonly #databases: readonly QueriedDatabase[];
  /** By database and slot. */
  readonly #connections: readonly Map<number, Connection>[];

  constructor(databases: readonly QueriedDatabase[]) {
    this.#databases = databases;
    this.#connections = databases.map(() => new Map());
  }

  run({ database = 0, slot, sql, parameters }: QueryRequest): QueryReply {
    const connection = this.#connection(database, slot);
    // SQLite rolls some transactions back by itself (disk full); a second rollback must not fail.
    if (sql === "rollback" && !connection.db.isTransaction) return { rows: [], changes: 0, lastInsertRowid: 0 };
    const { statement, returnsRows } = compile(connection, sql);
    if (returnsRows) {
      const rows = statement.all(...parameters);
      return { rows, changes: rows.length, lastInsertRowid: 0 };
    }
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  close(): void {
    for (const connections of this.#connections) for (const { db } of connections.values()) db.close();
  }

  #connection(database: number, slot: number): Connection {
    const connections = this.#connections[database]!;
    let connection = connections.get(slot);
    if (!connection) {
      const { file, access, attached, mayLoseCommits, isSearchIndex } = this.#databases[database]!;
      if (isSearchIndex && connections.size === 0) prepareSearchFile(file);
      const db = openConnection(file, access);
      if (mayLoseCommits) db.exec("pragma synchronous = normal");
      if (attached !== undefined) db.prepare("attach ? as attached").run(attached);
      connection = { db, statements: new Map() };
      connections.set(slot, connection);
    }
    return connection;
  }
}

/** Returns the cached statement, or compiles it and evicts the least recently used one. */
function compile({ db, statements }: Connection, sql: string) {
  let compiled = statements.get(sql);
  if (compiled) {
    statements.delete(sql);
  } else {
    const statement = db.prepare(sql);
    // `pragma incremental_vacuum` has no columns, and must be read to its end all the same.
    compiled = { statement, returnsRows: statement.columns().length > 0 || sql.startsWith("pragma ") };
    const oldest = statements.size >= statementsKept ? statements.keys().next().value : undefined;
    if (oldest !== undefined) statements.delete(oldest);
  }
  statements.set(sql, compiled);
  return compiled;
}
