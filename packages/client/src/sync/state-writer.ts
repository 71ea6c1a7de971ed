import { createStore, type StoreApi } from "zustand/vanilla";
import { initialState } from "../state/initial-state.ts";
import type { ClientState, Mode } from "../state/types.ts";

/** The only writer of the store. Deferred effects run after the change, so that they never see an incomplete one. */
export class StateWriter {
  readonly store: StoreApi<ClientState>;
  #effects: (() => void)[] = [];
  #isChanging = false;

  constructor(mode: Mode) {
    this.store = createStore(() => initialState(mode));
  }

  update = (change: (state: ClientState) => ClientState): void => {
    if (this.#isChanging) throw new Error("an update of the state must not start another one: use defer");
    this.#isChanging = true;
    let next: ClientState;
    try {
      next = change(this.store.getState());
    } finally {
      this.#isChanging = false;
    }
    this.store.setState(next, true);
    this.#runEffects();
  };

  defer = (effect: () => void): void => {
    this.#effects.push(effect);
    if (!this.#isChanging) this.#runEffects();
  };

  #runEffects(): void {
    const effects = this.#effects;
    this.#effects = [];
    for (const effect of effects) effect();
  }
}
