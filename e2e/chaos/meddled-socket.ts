import type { Batch, MainEvent } from "@miscord/protocol";
import type { WebSocketConstructor } from "@miscord/client";
import type { Dice } from "./dice.ts";

const ordered = new Set(["new_message", "message_edited", "message_deleted", "reaction_updated"]);

/**
 * A WebSocket that duplicates and reorders the events of channels, as a faulty network or server might. The replay of a join
 * stays before its `channel_synced`, because a client could not know otherwise when the replay has ended.
 */
export function meddledSocket(dice: Dice): WebSocketConstructor {
  class MeddledSocket extends WebSocket {
    #joins = 0;
    #held: string | null = null;

    override send(data: string): void {
      if (data.includes('"join_channel"')) this.#joins += 1;
      super.send(data);
    }

    override addEventListener(type: string, listener: unknown, options?: AddEventListenerOptions): void {
      const call = listener as (event: unknown) => void;
      const meddling = (event: MessageEvent<string>) => {
        for (const data of this.#meddle(event.data)) call({ data });
      };
      super.addEventListener(type as "message", type === "message" ? meddling : call, options);
    }

    #meddle(data: string): string[] {
      const frame = JSON.parse(data) as Batch | MainEvent;
      const events = frame.type === "batch" ? frame.messages : [frame];
      this.#joins -= events.filter(({ type }) => type === "channel_synced").length;
      const before = this.#held;
      this.#held = null;
      const isOrdered = this.#joins <= 0 && events.every(({ type }) => ordered.has(type));
      if (before === null && isOrdered && dice.chance(0.05)) {
        this.#held = data;
        return [];
      }
      const arrived = isOrdered
        ? JSON.stringify({ type: "batch", timestamp: 0, messages: this.#disorder(events) })
        : data;
      return before === null ? [arrived] : [arrived, before];
    }

    #disorder(events: readonly MainEvent[]): MainEvent[] {
      const doubled = events.flatMap((event) => (dice.chance(0.1) ? [event, event] : [event]));
      return dice.chance(0.1) ? dice.shuffled(doubled) : doubled;
    }
  }
  return MeddledSocket;
}
