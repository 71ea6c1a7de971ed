import { DatabaseError } from "../sql-dialect.ts";
import { busyTimeoutMs } from "./connection.ts";
import type { QueryThread } from "./query-protocol.ts";

type Row = Readonly<Record<string, number>>;

/** Writing a database of this size anew takes about a tenth of a second, for which writers wait. */
const rewrittenBytes = 16 * 1024 * 1024;
const size = "select page_count * page_size as bytes from pragma_page_count, pragma_page_size";

/** Removes from the database's files what was deleted before. */
export class Eraser {
  readonly #writer: QueryThread;
  /** The state of the database after the last time. */
  #erased: string | null = null;

  constructor(writer: QueryThread) {
    this.#writer = writer;
  }

  /**
   * Moves the write-ahead log into the database file and empties it: the log keeps texts that were deleted since, and the
   * file gets their zeroed pages (see `openConnection`). When SQLite splits or joins pages it leaves copies of rows in
   * the unused part of a page, which no later deletion overwrites, so a small database is written anew before. Waits for
   * readers and writers shortly, as all writers wait meanwhile; false when they were too slow.
   */
  async run(): Promise<boolean> {
    const isSmall = (await this.#number(size)) <= rewrittenBytes;
    const isChanged = (await this.#state()) !== this.#erased;
    await this.#rows("pragma busy_timeout = 100");
    try {
      if (isSmall && isChanged) await this.#rows("vacuum");
      const state = await this.#state();
      const busy = await this.#number("pragma wal_checkpoint(truncate)");
      if (busy === 0) this.#erased = state;
      return busy === 0;
    } catch (error) {
      if (error instanceof DatabaseError) return false;
      throw error;
    } finally {
      await this.#rows(`pragma busy_timeout = ${busyTimeoutMs}`);
    }
  }

  /** Differs after every write, of this connection or another one. */
  async #state(): Promise<string> {
    return `${await this.#number("select total_changes()")} ${await this.#number("pragma data_version")}`;
  }

  /** The first column of the first row. */
  async #number(sql: string): Promise<number> {
    const [row = {}] = await this.#rows(sql);
    return Object.values(row)[0] ?? 0;
  }

  async #rows(sql: string): Promise<readonly Row[]> {
    return (await this.#writer.call({ slot: 0, sql, parameters: [] })).rows as readonly Row[];
  }
}
