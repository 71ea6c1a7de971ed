import type { Store } from "../contract.ts";

/** One opened store with a database of its own, empty apart from what migrations write. */
export interface StoreUnderTest {
  store: Store;
  /** Closes the store, opens the same data again and resolves with the new store. */
  reopen(): Promise<Store>;
  /** Makes the database fail every later transaction that stores a message with the text `poison`. */
  poison(): Promise<void>;
  /** Bytes of the database's files; only where the store erases them (S11). */
  bytes?(): Buffer;
  /** Closes the store and deletes its data. */
  cleanUp(): Promise<void>;
}

/** Opens a fresh store; the suites call it once or several times, and the stores must not share data. */
export type OpenStore = () => Promise<StoreUnderTest>;
