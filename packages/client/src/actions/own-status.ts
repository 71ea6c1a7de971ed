import type { ChosenStatus } from "@miscord/protocol";
import type { ClientContext } from "../client-context.ts";

/** The status that the user chose. The server stores it, so it is sent once, after a reconnect if need be. */
export class OwnStatus {
  readonly #context: ClientContext;
  #unsent: ChosenStatus | null = null;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  set(status: ChosenStatus): void {
    this.#context.update((state) => {
      const { me } = state.session;
      return me ? { ...state, session: { ...state.session, me: { ...me, status } } } : state;
    });
    this.#unsent = status;
    this.connected();
  }

  clear(): void {
    this.#unsent = null;
  }

  connected(): void {
    if (this.#unsent !== null && this.#context.send({ type: "set_status", status: this.#unsent })) this.#unsent = null;
  }
}
