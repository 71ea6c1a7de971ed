import type { KyselyPlugin, RootOperationNode } from "kysely";
import type { Bus } from "../bus/contract.ts";
import type { Store } from "../store/contract.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";

const writes = new Set<RootOperationNode["kind"]>([
  "InsertQueryNode",
  "UpdateQueryNode",
  "DeleteQueryNode",
  "MergeQueryNode",
]);

/** Puts the circuit breaker in front of a store. Failures of the log count: every message needs it. */
export function guardStore(store: Store, breaker: CircuitBreaker): Store {
  const { log } = store;
  return {
    dialect: store.dialect,
    get epoch() {
      return store.epoch;
    },
    onEpochChanged: (listener) => store.onEpochChanged(listener),
    onInterrupted: (listener) => store.onInterrupted(listener),
    erasesFiles: store.erasesFiles,
    db: store.db.withPlugin(refuseWrites(breaker)),
    log: {
      commit: (command) => breaker.write(() => log.commit(command)),
      onCommitted: (listener) => log.onCommitted(listener),
      changesSince: (...args) => breaker.watch(() => log.changesSince(...args)),
      history: (...args) => breaker.watch(() => log.history(...args)),
      message: (...args) => breaker.watch(() => log.message(...args)),
    },
    search: store.search,
    searchState: store.searchState,
    indexSteps: store.indexSteps,
    ping: () => breaker.watch(() => store.ping()),
    stats: () => store.stats(),
    eraseDeleted: () => store.eraseDeleted(),
    close: () => store.close(),
  };
}

/** Refuses write queries through Kysely while the breaker is open. */
function refuseWrites(breaker: CircuitBreaker): KyselyPlugin {
  return {
    transformQuery({ node }) {
      if (writes.has(node.kind)) breaker.requireClosed();
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
}

/** Puts the circuit breaker in front of a bus. `publish` reports no failures, so none are counted. */
export function guardBus(bus: Bus, breaker: CircuitBreaker): Bus {
  return {
    isLocal: bus.isLocal,
    stats: bus.stats,
    publish: (topic, message) => bus.publish(topic, message),
    subscribe: (topic) => breaker.watch(() => bus.subscribe(topic)),
    unsubscribe: (topic) => bus.unsubscribe(topic),
    onMessage: (listener) => bus.onMessage(listener),
    onDirect: (listener) => bus.onDirect(listener),
    onGap: (listener) => bus.onGap(listener),
    announceGap: () => bus.announceGap(),
    onPositions: (listener) => bus.onPositions(listener),
    ping: () => breaker.watch(() => bus.ping()),
    close: () => bus.close(),
  };
}
