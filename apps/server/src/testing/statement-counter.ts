import type { KyselyPlugin } from "kysely";
import type { Store } from "../store/contract.ts";

/** Counts the statements that go through a store. */
export class StatementCounter {
  count = 0;

  /** For `wrapStore`. */
  readonly wrap = (store: Store): Store => ({ ...store, db: store.db.withPlugin(this.#plugin) });

  readonly #plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      this.count += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
}
