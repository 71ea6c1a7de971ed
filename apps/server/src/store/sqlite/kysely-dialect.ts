import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
  type Driver,
  type TransactionSettings,
} from "kysely";
import { Snapshots } from "./snapshots.ts";
import { WorkerConnection, type SqliteLinks } from "./worker-connection.ts";

/** Most read transactions open at once; further ones wait. */
const snapshotsOpen = 8;

/** Kysely dialect whose connections are in worker threads. */
export function sqliteDialect(links: SqliteLinks): Dialect {
  return {
    createDriver: () => new WorkerDriver(links),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new WorkerAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

class WorkerAdapter extends SqliteAdapter {
  override get supportsMultipleConnections() {
    return true;
  }
  override get supportsTransactionalDdl() {
    return true;
  }
}

class WorkerDriver implements Driver {
  readonly #links: SqliteLinks;
  readonly #snapshots = new Snapshots(snapshotsOpen);

  constructor(links: SqliteLinks) {
    this.#links = links;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<WorkerConnection> {
    return new WorkerConnection(this.#links, this.#snapshots);
  }

  beginTransaction(connection: WorkerConnection, settings: TransactionSettings): Promise<void> {
    return settings.accessMode === "read only" ? connection.beginRead() : connection.beginWrite();
  }

  commitTransaction(connection: WorkerConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: WorkerConnection): Promise<void> {
    return connection.rollback();
  }

  async releaseConnection(): Promise<void> {}

  /** The store owns the workers and closes them. */
  async destroy(): Promise<void> {}
}
