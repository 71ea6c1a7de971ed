import type { ChosenStatus } from "@miscord/protocol";
import type { SyncContext } from "../sync/context.ts";

/** The status that this person picked. The server keeps it, so it is told once. */
export class OwnStatus {
  readonly #context: SyncContext;
  #untold: ChosenStatus | null = null;

  constructor(context: SyncContext) {
    this.#context = context;
  }

  set(status: ChosenStatus): void {
    this.#context.update((state) => {
      const { me } = state.session;
      return me ? { ...state, session: { ...state.session, me: { ...me, status } } } : state;
    });
    this.#untold = status;
    this.connected();
  }

  clear(): void {
    this.#untold = null;
  }

  connected(): void {
    if (this.#untold !== null && this.#context.send({ type: "set_status", status: this.#untold })) this.#untold = null;
  }
}
