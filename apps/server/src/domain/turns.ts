import type { Store } from "../store/contract.ts";

/**
 * What commands of a user look up before they call the store's log. The next command waits for it, so that commands are stored
 * in the order in which they came; who does not have to wait or look anything up loses no turn.
 */
export class Turns<Value> {
  readonly #latest = new WeakMap<Store, Map<number, Promise<Value>>>();

  /** Whether an earlier command of the user still looks something up. */
  isTaken(store: Store, userId: number): boolean {
    return this.#latest.get(store)?.has(userId) === true;
  }

  /** Looks it up after all that the user's earlier commands look up. */
  run(store: Store, userId: number, lookUp: () => Promise<Value>): Promise<Value> {
    const byUser = this.#latest.get(store) ?? new Map<number, Promise<Value>>();
    this.#latest.set(store, byUser);
    const earlier = byUser.get(userId);
    const found = earlier ? earlier.then(lookUp, lookUp) : lookUp();
    byUser.set(userId, found);
    const end = () => void (byUser.get(userId) === found && byUser.delete(userId));
    found.then(end, end);
    return found;
  }
}
