import type { MainEvent } from "@miscord/protocol";
import type { Bus } from "../../bus/contract.ts";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/contract.ts";
import { audienceOf } from "../../store/queries/calls.ts";
import { publish } from "../publish.ts";

interface Options {
  readonly store: Pick<Store, "db">;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
}

const retryMs = 1_000;
const attempts = 5;

/** Tells the people of private channels what happens in their calls. Who they are is read for each event; events keep their order. */
export class CallAudience {
  readonly #options: Options;
  readonly #last = new Map<number, Promise<void>>();

  constructor(options: Options) {
    this.#options = options;
  }

  tell(channelId: number, event: MainEvent): void {
    const told = (this.#last.get(channelId) ?? Promise.resolve())
      .then(() => this.#publish(channelId, event))
      .catch(this.#options.onFailure)
      .finally(() => {
        if (this.#last.get(channelId) === told) this.#last.delete(channelId);
      });
    this.#last.set(channelId, told);
  }

  async #publish(channelId: number, event: MainEvent): Promise<void> {
    for (const userId of await this.#audience(channelId)) publish(this.#options, `user:${userId}`, event);
  }

  /** A store that is away for a moment would leave people in the call on the screens of others. */
  async #audience(channelId: number, attempt = 1): Promise<number[]> {
    const { store, clock } = this.#options;
    try {
      return await audienceOf(store.db, channelId);
    } catch (error) {
      if (attempt === attempts) throw error;
      await new Promise<void>((resolve) => clock.setTimeout(resolve, retryMs));
      return this.#audience(channelId, attempt + 1);
    }
  }
}
