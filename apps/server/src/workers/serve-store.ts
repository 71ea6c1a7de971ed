import type { Clock, Timer } from "../clock.ts";
import { setDeadline } from "../concurrency/deadline.ts";
import { AppError } from "../errors.ts";
import type { SqliteStore } from "../store/sqlite/open-sqlite-store.ts";
import type { OpenTransaction } from "../store/sqlite/writer.ts";
import type { TransactionId, StoreOffer } from "./offers.ts";

/**
 * Longest pause between two statements of a worker's write transaction. All writers of the instance wait for it, and a
 * worker that runs sends its next statement within milliseconds; one that stands still must not stop the others.
 */
const idleMs = 2_000;

export interface ServedStore {
  offer: StoreOffer;
  /** Rolls back what the worker left open; to be called when it is gone. */
  readonly release: () => void;
}

/** The primary's store, as it is offered to one worker. */
export function serveStore(store: SqliteStore, clock: Clock): ServedStore {
  const held = new HeldTransactions(store, clock);
  return {
    offer: {
      commit: (command) => store.log.commit(command),
      write: (statement) => store.writer.run(statement),
      begin: () => held.begin(),
      writeIn: ({ id, statement }) => held.during(id, (transaction) => transaction.run(statement)),
      end: ({ id, action }) => held.end(id, action),
      eraseDeleted: () => store.eraseDeleted(),
      pingStore: () => store.ping(),
    },
    release: () => held.close(),
  };
}

interface HeldTransaction {
  transaction: OpenTransaction;
  idle: Timer | null;
}

/** The write transactions that one worker has open. Each ends with its worker, or when it is idle for too long. */
class HeldTransactions {
  readonly #store: SqliteStore;
  readonly #clock: Clock;
  readonly #open = new Map<TransactionId, HeldTransaction>();
  #lastId = 0;
  #isClosed = false;

  constructor(store: SqliteStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async begin(): Promise<TransactionId> {
    const transaction = await this.#store.writer.begin();
    if (this.#isClosed) {
      await transaction.rollback();
      throw new AppError("unavailable", "The worker that began this transaction is gone.");
    }
    this.#lastId += 1;
    this.#open.set(this.#lastId, { transaction, idle: null });
    this.#awaitNext(this.#lastId);
    return this.#lastId;
  }

  async during<Value>(id: TransactionId, work: (transaction: OpenTransaction) => Promise<Value>): Promise<Value> {
    const held = this.#open.get(id);
    if (!held) throw new AppError("unavailable", "This transaction took too long and was rolled back.");
    held.idle?.cancel();
    held.idle = null;
    try {
      return await work(held.transaction);
    } finally {
      this.#awaitNext(id);
    }
  }

  async end(id: TransactionId, action: "commit" | "rollback"): Promise<void> {
    if (action === "commit") {
      await this.during(id, (transaction) => transaction.commit());
      this.#forget(id);
    } else {
      await this.#forget(id)?.rollback();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const id of this.#open.keys()) this.#takeBack(id);
  }

  #awaitNext(id: TransactionId): void {
    const held = this.#open.get(id);
    if (held) held.idle = setDeadline(this.#clock, () => this.#takeBack(id), idleMs);
  }

  #takeBack(id: TransactionId): void {
    // Fails only when the writing thread died, which ends the whole.
    this.#forget(id)
      ?.rollback()
      .catch(() => {});
  }

  #forget(id: TransactionId): OpenTransaction | undefined {
    const held = this.#open.get(id);
    this.#open.delete(id);
    held?.idle?.cancel();
    return held?.transaction;
  }
}
