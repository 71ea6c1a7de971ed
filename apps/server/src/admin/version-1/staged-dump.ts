import { DatabaseSync, type StatementSync } from "node:sqlite";
import { OperatorError } from "../../errors.ts";
import { readDump, type DumpRow } from "./read-dump.ts";
import { expectedTables, type ExpectedTable, type Row, type TableName } from "./tables.ts";

const entries = Object.entries(expectedTables) as [TableName, ExpectedTable][];
const columnsOf = ({ required, optional }: ExpectedTable) => Object.keys({ ...required, ...optional });
const numeric = "cast(id as integer), id";

interface Target {
  name: TableName;
  insert: StatementSync;
  /** Places of our columns among those of the dump; -1: not there. */
  places: readonly number[];
  required: number;
}

/**
 * The rows of a dump, which stand there in no useful order, in a database of their own: one that SQLite keeps in a file without a
 * name, since it holds what the dump holds, messages and hashes of passwords. So nothing of it is left, however the process ends.
 */
export class StagedDump {
  readonly #db: DatabaseSync;
  readonly #counts = new Map<TableName, number>();
  /** Tables of the dump that are not read, with their number of rows. */
  readonly others = new Map<string, number>();

  private constructor() {
    this.#db = new DatabaseSync("");
    this.#db.exec("pragma journal_mode = off; pragma synchronous = off");
  }

  /** @throws OperatorError */
  static async read(dump: string): Promise<StagedDump> {
    const staged = new StagedDump();
    try {
      await staged.#fill(dump);
      return staged;
    } catch (error) {
      staged.close();
      throw error;
    }
  }

  count(table: TableName): number {
    return this.#counts.get(table) ?? 0;
  }

  /** In the order of their ids. */
  all<Table extends Exclude<TableName, "messages" | "attachments" | "reactions">>(table: Table): Row<Table>[] {
    const order = table === "members" ? "server_id, user_id" : numeric;
    return this.#db.prepare(`select * from ${table} order by ${order}`).all() as unknown as Row<Table>[];
  }

  /** The messages of a channel in their order, so many at once. */
  *messagesIn(channelId: string, size: number): Generator<Row<"messages">[]> {
    const rows = this.#db
      .prepare(`select * from messages where channel_id = ? order by created_at, ${numeric}`)
      .iterate(channelId) as Iterable<unknown> as Iterable<Row<"messages">>;
    let batch: Row<"messages">[] = [];
    for (const row of rows) {
      batch.push(row);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  /** What belongs to these messages, by message. */
  of<Table extends "attachments" | "reactions">(
    table: Table,
    messages: readonly Row<"messages">[],
  ): Map<string, Row<Table>[]> {
    const rows = this.#db
      .prepare(`select * from ${table} where message_id in (select value from json_each(?)) order by rowid`)
      .all(JSON.stringify(messages.map(({ id }) => id))) as unknown as Row<Table>[];
    return Map.groupBy(rows, (row) => row.message_id);
  }

  close(): void {
    this.#db.close();
  }

  async #fill(dump: string): Promise<void> {
    for (const [name, table] of entries)
      this.#db.exec(`create table ${name} (${columnsOf(table).map(quoted).join(", ")})`);
    const targets = new Map<string, Target | null>();
    this.#db.exec("begin");
    for await (const row of readDump(dump)) this.#keep(targets, row);
    this.#db.exec("commit");
    this.#db.exec(`create index messages_by_channel on messages (channel_id, created_at);
      create index attachments_by_message on attachments (message_id);
      create index reactions_by_message on reactions (message_id)`);
    if (this.count("users") === 0) {
      throw new OperatorError(`The dump ${dump} has no users: it is not of version 1's database, or without its data.`);
    }
  }

  #keep(targets: Map<string, Target | null>, row: DumpRow): void {
    let target = targets.get(row.table);
    if (target === undefined) targets.set(row.table, (target = this.#targetOf(row)));
    if (target === null) {
      this.others.set(row.table, (this.others.get(row.table) ?? 0) + 1);
      return;
    }
    const values = target.places.map((place) => row.values[place] ?? null);
    if (values.slice(0, target.required).includes(null)) return;
    target.insert.run(...values);
    this.#counts.set(target.name, this.count(target.name) + 1);
  }

  #targetOf({ table: given, columns }: DumpRow): Target | null {
    const entry = entries.find(([, { names }]) => names.includes(given));
    if (!entry) return null;
    const [name, table] = entry;
    const { required, optional } = table;
    const places = Object.values({ ...required, ...optional }).map((names) => placeOf(columns, names));
    const missing = Object.values(required).filter((_, index) => places[index] === -1);
    if (missing.length > 0) {
      const wanted = missing.map((names) => names.join(" or ")).join(", ");
      throw new OperatorError(`The table ${given} of the dump has no column ${wanted}. It has: ${columns.join(", ")}.`);
    }
    const marks = places.map(() => "?").join(", ");
    const insert = this.#db.prepare(`insert into ${name} values (${marks})`);
    return { name, insert, places, required: Object.keys(required).length };
  }
}

function placeOf(columns: readonly string[], names: readonly string[]): number {
  return columns.indexOf(names.find((name) => columns.includes(name)) ?? "");
}

function quoted(name: string): string {
  return `"${name}" text`;
}
