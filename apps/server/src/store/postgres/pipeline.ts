import type pg from "pg";
import utils from "pg/lib/utils.js";
import { codeOf, outdatedPlan } from "./database-errors.ts";

export interface Statement {
  /** Prepared once on the connection under this name, which always stands for the same text. */
  name: string;
  text: string;
  values?: readonly unknown[];
}

export interface Result<Row> {
  rows: Row[];
  /** Of the command tag: `SELECT`, `COMMIT`, `ROLLBACK`. */
  command: string;
}

type TypeId = Parameters<pg.Client["getTypeParser"]>[0];

interface Column {
  name: string;
  parse: (text: string) => unknown;
}

/** What is prepared, by name, with the columns of its rows; null: to be closed first, since an error left it unclear. */
type Prepared = Map<string, readonly Column[] | null>;

/** A statement that was sent and waits for its result. */
interface Asked {
  name: string;
  text: string;
  values: (string | Buffer | null)[];
  /** Null until PostgreSQL has described them. */
  columns: readonly Column[] | null;
  rows: Record<string, unknown>[];
  /** A row has other columns than the statement had when it was prepared. */
  isOutdated: boolean;
  resolve: (result: Result<never>) => void;
  reject: (error: unknown) => void;
}

/**
 * Statements of one connection. Those that are asked for in one turn cross the network together, with one Sync, so that
 * PostgreSQL answers all of them at once and the process wakes once. They run one after another; the first that fails
 * rejects with its error, and so do those behind it, which PostgreSQL skips. Nothing else may use the client.
 */
export class Pipeline {
  readonly client: pg.Client;
  readonly #prepared: Prepared = new Map();
  /** Asked for, and not sent yet. */
  #next: Asked[] = [];
  /** Resolves, whatever came of it, when the trip that is under way has ended. */
  #underWay: Promise<void> = Promise.resolve();

  constructor(client: pg.Client) {
    this.client = client;
  }

  query<Row>({ name, text, values = [] }: Statement): Promise<Result<Row>> {
    const prepared = values.map((value) => utils.prepareValue(value));
    return new Promise((resolve, reject) => {
      this.#next.push({ name, text, values: prepared, columns: null, rows: [], isOutdated: false, resolve, reject });
      if (this.#next.length === 1) this.#underWay = this.#underWay.then(() => this.#send());
    });
  }

  #send(): Promise<void> {
    const asked = this.#next;
    this.#next = [];
    return new Promise((onEnd) => {
      this.client.query(new Trip({ client: this.client, prepared: this.#prepared, asked, onEnd }));
    });
  }
}

interface TripOptions {
  client: pg.Client;
  prepared: Prepared;
  asked: readonly Asked[];
  onEnd: () => void;
}

/** Statements on their way, in the shape in which the client calls its queries. */
class Trip implements pg.Submittable {
  readonly #options: TripOptions;
  /** Of the statement whose answer comes next. */
  #index = 0;

  constructor(options: TripOptions) {
    this.#options = options;
  }

  submit(connection: pg.Connection): void {
    connection.stream.cork();
    const parsed = new Set<string>();
    for (const asked of this.#options.asked) this.#ask(connection, asked, parsed);
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: TypeId }[] }): void {
    this.#current!.columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: this.#options.client.getTypeParser(dataTypeID, "text"),
    }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const asked = this.#current!;
    const columns = asked.columns ?? [];
    // Behind a pooler the next connection has prepared the statement anew, with the columns of today.
    if (columns.length !== fields.length) return void (asked.isOutdated = true);
    const row: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index += 1) {
      const { name, parse } = columns[index]!;
      const text = fields[index] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    asked.rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { name, columns, rows, isOutdated, resolve, reject } = this.#current!;
    this.#index += 1;
    this.#options.prepared.set(name, isOutdated ? null : (columns ?? []));
    if (isOutdated) reject(Object.assign(new Error(`${name} returns other columns.`), { code: outdatedPlan }));
    else resolve({ rows: rows as never[], command: text.split(" ", 1)[0]! });
  }

  handleReadyForQuery(): void {
    this.#options.onEnd();
  }

  /** An error of a statement, after which the others are skipped, or of the connection. */
  handleError(error: unknown): void {
    const { asked, prepared, onEnd } = this.#options;
    // Whether it was the parsing that failed is not known.
    if (this.#current) prepared.set(this.#current.name, null);
    if (codeOf(error) === outdatedPlan) for (const name of prepared.keys()) prepared.set(name, null);
    for (const { reject } of asked.slice(this.#index)) reject(error);
    onEnd();
  }

  get #current(): Asked | undefined {
    return this.#options.asked[this.#index];
  }

  #ask(connection: pg.Connection, asked: Asked, parsed: Set<string>): void {
    const { name, text, values } = asked;
    asked.columns = this.#options.prepared.get(name) ?? null;
    if (!asked.columns && !parsed.has(name)) {
      if (this.#options.prepared.has(name)) connection.close({ type: "S", name }, true);
      connection.parse({ name, text, types: [] }, true);
      parsed.add(name);
    }
    connection.bind({ portal: "", statement: name, binary: "", values }, true);
    // The columns of a prepared statement stay what they are; see `outdatedPlan`.
    if (!asked.columns) connection.describe({ type: "P", name: "" }, true);
    connection.execute({ portal: "" }, true);
  }
}
