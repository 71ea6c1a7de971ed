import type { Store } from "../store/contract.ts";
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
  return openSqliteReader({
    ...options,
    writer: linkWriter(link),
    writes: { commit: (command) => link.call("commit", command), onCommitted: () => {} },
    pingWriter: () => link.call("pingStore", undefined),
    eraseDeleted: () => link.call("eraseDeleted", undefined),
  });
}

function linkWriter(link: Link<StoreOffer>): SqliteWriter {
  return {
    run: (statement) => link.call("write", statement),
    async begin() {
      const lease = await link.call("begin", undefined);
      return {
        run: (statement) => link.call("writeIn", { lease, statement }),
        commit: () => link.call("end", { lease, action: "commit" }),
        rollback: () => link.call("end", { lease, action: "rollback" }),
      };
    },
  };
}
