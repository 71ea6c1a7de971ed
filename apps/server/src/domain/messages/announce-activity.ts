import type { Clock, Timer } from "../../clock.ts";
import type { DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

/** Clients hear of activity once a second at most; in between, only the nodes would. */
const gatherMs = 250;

interface Gathering {
  channels: Record<number, number>;
  timer: Timer | null;
}

/**
 * Tells the members of a server which of its channels have new messages. The first activity after a pause is published at
 * once, what follows together: on several nodes each publication wakes all of them.
 */
export class ActivityAnnouncer {
  readonly #context: Pick<DomainContext, "bus">;
  readonly #clock: Clock;
  /** By server, while its activity gathers. */
  readonly #gathering = new Map<number, Gathering>();

  constructor(context: Pick<DomainContext, "bus">, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
  }

  announce(serverId: number, channelId: number, seq: number): void {
    const gathering = this.#gathering.get(serverId);
    if (gathering) {
      gathering.channels[channelId] = seq;
      return;
    }
    this.#publish(serverId, { [channelId]: seq });
    this.#gather(serverId);
  }

  /** Publishes what has gathered. */
  stop(): void {
    for (const [serverId, { channels, timer }] of this.#gathering) {
      timer?.cancel();
      this.#publish(serverId, channels);
    }
    this.#gathering.clear();
  }

  #gather(serverId: number): void {
    const gathering: Gathering = { channels: {}, timer: null };
    this.#gathering.set(serverId, gathering);
    gathering.timer = this.#clock.setTimeout(() => {
      this.#gathering.delete(serverId);
      if (this.#publish(serverId, gathering.channels)) this.#gather(serverId);
    }, gatherMs);
  }

  #publish(serverId: number, channels: Record<number, number>): boolean {
    if (Object.keys(channels).length === 0) return false;
    publish(this.#context, `server:${serverId}`, { type: "channel_activity", server_id: serverId, channels });
    return true;
  }
}
