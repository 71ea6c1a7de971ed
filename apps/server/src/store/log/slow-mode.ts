import { parseLastSends } from "../rights-sql.ts";
import type { ChannelFacts, LogChanges } from "./transaction.ts";

/** Who wrote last when in the channels with slow mode, as changed by the commands of a batch so far. Times since 1970. */
export class SlowMode {
  /** Times by user id. */
  readonly #lastSends = new Map<number, Map<number, number>>();
  readonly #newSends = new Map<string, LogChanges["lastSends"][number]>();

  /** When the user may write in the channel again, in milliseconds; 0 without slow mode. */
  nextSendAt(channel: ChannelFacts, userId: number): number {
    if (channel.slow_mode_s === 0) return 0;
    return (this.#sendsOf(channel).get(userId) ?? 0) + channel.slow_mode_s * 1_000;
  }

  /** Starts the wait of slow mode for the user. */
  countSend(channel: ChannelFacts, userId: number, at: number): void {
    if (channel.slow_mode_s === 0) return;
    this.#sendsOf(channel).set(userId, at);
    const { id: channel_id } = channel;
    this.#newSends.set(`${channel_id} ${userId}`, { channel_id, user_id: userId, sent_at: at });
  }

  changes(): LogChanges["lastSends"][number][] {
    return [...this.#newSends.values()];
  }

  #sendsOf({ id, last_sends }: ChannelFacts): Map<number, number> {
    let sends = this.#lastSends.get(id);
    if (!sends) this.#lastSends.set(id, (sends = parseLastSends(last_sends)));
    return sends;
  }
}
