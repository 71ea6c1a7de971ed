import type { StoreApi } from "zustand/vanilla";
import type { ClientContext } from "../client-context.ts";
import type { Timer } from "../platform.ts";
import { nextMuteEnd } from "../state/notification-levels.ts";
import type { ClientState } from "../state/types.ts";

/** The longest delay of a timer of the platform. */
const longestMs = 2 ** 31 - 1;

/**
 * Replaces the inbox in the state by an equal one when a mute ends, so that those who look at it look again: what is muted depends on
 * the time.
 */
export class MuteExpiry {
  readonly #context: Pick<ClientContext, "clock" | "update">;
  #timer: Timer | null = null;
  #endsAt: number | null = null;

  constructor(context: Pick<ClientContext, "clock" | "update">, store: Pick<StoreApi<ClientState>, "subscribe">) {
    this.#context = context;
    store.subscribe((state, { servers, channels, inbox }) => {
      if (state.servers !== servers || state.channels !== channels || state.inbox !== inbox) this.#await(state);
    });
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#endsAt = null;
  }

  #await(state: ClientState): void {
    const { clock, update } = this.#context;
    const endsAt = nextMuteEnd(state, clock.now());
    if (endsAt === this.#endsAt) return;
    this.clear();
    if (endsAt === null) return;
    this.#endsAt = endsAt;
    this.#timer = clock.setTimeout(
      () => {
        this.clear();
        update((present) => ({ ...present, inbox: { ...present.inbox } }));
      },
      Math.min(endsAt - clock.now(), longestMs),
    );
  }
}
