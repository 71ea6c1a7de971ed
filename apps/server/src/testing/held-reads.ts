import {
  SelectQueryNode,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryId,
  type QueryResult,
} from "kysely";
import type { Store } from "../store/contract.ts";

/** Delays the results of SELECT queries that contain a name, so that a test can act while they are pending. */
export class HeldReads implements KyselyPlugin {
  readonly #name: string;
  readonly #held = new WeakSet<QueryId>();
  /** Queries that contain the name and were answered. One that is compiled once keeps its id. */
  readonly #answered = new WeakSet<QueryId>();
  readonly #meant = new WeakSet<QueryId>();
  readonly #reached = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();
  #isHolding = false;
  #skipped = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** For `wrapStore`. */
  over = (store: Store): Store => ({ ...store, db: store.db.withPlugin(this) });

  /** Starts holding results, those of the first `skipped` queries excepted; resolves once one is held. */
  hold(skipped = 0): Promise<void> {
    this.#skipped = skipped;
    this.#isHolding = true;
    return this.#reached.promise;
  }

  release(): void {
    this.#isHolding = false;
    this.#released.resolve();
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): PluginTransformQueryArgs["node"] {
    if (!SelectQueryNode.is(node) || !JSON.stringify(node).includes(`"${this.#name}"`)) return node;
    this.#meant.add(queryId);
    if (this.#takesTurn()) this.#held.add(queryId);
    return node;
  }

  async transformResult({ queryId, result }: PluginTransformResultArgs): Promise<QueryResult<Record<string, unknown>>> {
    if (!this.#meant.has(queryId)) return result;
    const isHeld = this.#answered.has(queryId) ? this.#takesTurn() : this.#held.has(queryId);
    this.#answered.add(queryId);
    if (!isHeld) return result;
    this.#reached.resolve();
    await this.#released.promise;
    return result;
  }

  #takesTurn(): boolean {
    return this.#isHolding && this.#skipped-- <= 0;
  }
}
