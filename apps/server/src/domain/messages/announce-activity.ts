import type { Clock, Timer } from "../../clock.ts";
import type { DomainContext } from "../context.ts";
import type { Topic } from "../../bus/contract.ts";
import { publish } from "../publish.ts";

/** Clients hear of activity once a second at most; in between, only the nodes would. */
const gatherMs = 250;

export interface Activity {
  serverId: number;
  channelId: number;
  /** Position of the channel's latest message. */
  seq: number;
}

interface Gathering {
  serverId: number;
  channels: Record<number, number>;
  timer: Timer | null;
}

/**
 * Tells those who see a channel that it has new messages. The first activity after a pause is published at
 * once, what follows together: on several nodes each publication wakes all of them.
 */
export class ActivityAnnouncer {
  readonly #context: Pick<DomainContext, "bus">;
  readonly #clock: Clock;
  /** By topic, while its activity gathers. */
  readonly #gathering = new Map<Topic, Gathering>();

  constructor(context: Pick<DomainContext, "bus">, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
  }

  announce(topic: Topic, { serverId, channelId, seq }: Activity): void {
    const gathering = this.#gathering.get(topic);
    if (gathering) {
      gathering.channels[channelId] = seq;
      return;
    }
    this.#publish(topic, { serverId, channels: { [channelId]: seq } });
    this.#gather(topic, serverId);
  }

  /** Publishes what has gathered. */
  stop(): void {
    for (const [topic, gathering] of this.#gathering) {
      gathering.timer?.cancel();
      this.#publish(topic, gathering);
    }
    this.#gathering.clear();
  }

  #gather(topic: Topic, serverId: number): void {
    const gathering: Gathering = { serverId, channels: {}, timer: null };
    this.#gathering.set(topic, gathering);
    gathering.timer = this.#clock.setTimeout(() => {
      this.#gathering.delete(topic);
      if (this.#publish(topic, gathering)) this.#gather(topic, serverId);
    }, gatherMs);
  }

  #publish(topic: Topic, { serverId, channels }: Pick<Gathering, "serverId" | "channels">): boolean {
    if (Object.keys(channels).length === 0) return false;
    publish(this.#context, topic, { type: "channel_activity", server_id: serverId, channels });
    return true;
  }
}
