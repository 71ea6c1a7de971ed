import { AppError } from "../errors.ts";
import type { LogCommand, LogOutcome, Store } from "../store/contract.ts";
import { openSqliteReader } from "../store/sqlite/open-sqlite-reader.ts";
import type { SqliteWriter } from "../store/sqlite/writer.ts";
import type { Link } from "./link.ts";
import type { StoreOffer } from "./offers.ts";

/**
 * The store of a worker: reads the database file itself and writes through the primary. Nothing is ever passed to
 * `onCommitted`: the primary publishes what all workers commit.
 */
export function openLinkStore(
  link: Link<StoreOffer>,
  options: { file: string; epoch: string; onFailure: (error: Error) => void },
): Store {
  const commits = new Commits(link);
  const store = openSqliteReader({
    ...options,
    writer: linkWriter(link),
    writes: { commit: (command) => commits.commit(command), onCommitted: () => {} },
    pingWriter: () => link.call("pingStore", undefined),
    eraseDeleted: () => link.call("eraseDeleted", undefined),
  });
  return {
    ...store,
    async close() {
      await commits.close();
      await store.close();
    },
  };
}

/** The commands that are on their way to the primary. */
class Commits {
  readonly #link: Link<StoreOffer>;
  readonly #pending = new Set<Promise<LogOutcome>>();
  #isClosed = false;

  constructor(link: Link<StoreOffer>) {
    this.#link = link;
  }

  async commit(command: LogCommand): Promise<LogOutcome> {
    if (this.#isClosed) throw new AppError("unavailable", "The server is stopping.");
    const outcome = this.#link.call("commit", command);
    this.#pending.add(outcome);
    try {
      return await outcome;
    } finally {
      this.#pending.delete(outcome);
    }
  }

  /** Refuses later commands and waits for the accepted ones. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#pending);
  }
}

function linkWriter(link: Link<StoreOffer>): SqliteWriter {
  return {
    run: (statement) => link.call("write", statement),
    async begin() {
      const id = await link.call("begin", undefined);
      return {
        run: (statement) => link.call("writeIn", { id, statement }),
        commit: () => link.call("end", { id, action: "commit" }),
        rollback: () => link.call("end", { id, action: "rollback" }),
      };
    },
  };
}
