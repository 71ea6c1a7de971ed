import { systemClock } from "../../clock.ts";
import type { Store } from "../contract.ts";
import { NodeLock } from "./node-lock.ts";
import { openPostgresStore, type PostgresStoreOptions } from "./open-postgres-store.ts";
import { requireUsable } from "./requirements.ts";
import { explainStart } from "./start-faults.ts";

export interface PostgresStart extends PostgresStoreOptions {
  /** See `NodeLock`. */
  isAlone: boolean;
  onTaken: (error: Error) => void;
}

/** Checks the database, takes the node's lock and opens the store. @throws StartupError */
export async function startPostgresStore(options: PostgresStart): Promise<Store> {
  const { url, clock = systemClock } = options;
  let lock: NodeLock | undefined;
  try {
    await requireUsable(url);
    lock = await NodeLock.take({ ...options, clock });
    return releasing(await openPostgresStore(options), lock);
  } catch (error) {
    await lock?.release();
    throw explainStart(error, url);
  }
}

/** The store, whose end is also the end of the lock. */
function releasing(store: Store, lock: NodeLock): Store {
  const close = store.close.bind(store);
  store.close = async () => {
    await close();
    await lock.release();
  };
  return store;
}
