import type { Committed, LogCommand, Store } from "../store/contract.ts";

type Listener = (outcome: Committed, command: LogCommand) => void;

/**
 * One store as several nodes would see it: each of them publishes what was committed through its own view, and none
 * closes it for the others.
 */
export function shareStore(store: Store): () => Store {
  const listeners = new WeakMap<LogCommand, Listener>();
  store.log.onCommitted((outcome, command) => listeners.get(command)?.(outcome, command));
  return () => {
    const { log } = store;
    let own: Listener = () => {};
    return {
      dialect: store.dialect,
      get epoch() {
        return store.epoch;
      },
      onEpochChanged: (listener) => store.onEpochChanged(listener),
      onInterrupted: (listener) => store.onInterrupted(listener),
      erasesFiles: store.erasesFiles,
      db: store.db,
      search: store.search,
      searchState: store.searchState,
      indexSteps: store.indexSteps,
      log: {
        commit(command) {
          listeners.set(command, own);
          return log.commit(command);
        },
        onCommitted(listener) {
          own = listener;
        },
        changesSince: (...args) => log.changesSince(...args),
        history: (...args) => log.history(...args),
        message: (...args) => log.message(...args),
      },
      ping: () => store.ping(),
      stats: () => store.stats(),
      eraseDeleted: () => store.eraseDeleted(),
      close: () => Promise.resolve(),
    };
  };
}
