import type { ChannelEvent, Message } from "@miscord/protocol";
import type { OrderOptions } from "../channel-orders.ts";
import { wholeMessage } from "./delivery-world.ts";

/** The log of channel 1 in memory: positions without gaps, and the state that they lead to. */
export class ChannelLogModel {
  readonly events: ChannelEvent[] = [];
  readonly messages = new Map<number, Message>();
  /** Queries of changes so far. */
  queries = 0;
  /** Queries are answered once it resolves, with what they found when they began. */
  answering: Promise<void> = Promise.resolve();
  /** Rejects the next queries. */
  isFailing = false;

  get seq(): number {
    return this.events.length;
  }

  send(): ChannelEvent {
    const message = wholeMessage(this.seq + 1);
    this.messages.set(message.id, message);
    return this.#commit({ type: "new_message", channel_id: 1, seq: message.seq, data: message });
  }

  edit(id: number): ChannelEvent {
    const seq = this.seq + 1;
    const message = { ...this.messages.get(id)!, updated_seq: seq, content: `edited at ${seq}`, is_edited: true };
    this.messages.set(id, message);
    return this.#commit({ type: "message_edited", channel_id: 1, seq, data: message });
  }

  delete(id: number): ChannelEvent {
    const seq = this.seq + 1;
    this.messages.set(id, { ...this.messages.get(id)!, updated_seq: seq, content: "", is_deleted: true });
    const data = { message_id: id, channel_id: 1, text_channel_id: 1 };
    return this.#commit({ type: "message_deleted", channel_id: 1, seq, data });
  }

  /** Ids of messages that are not deleted. */
  get alive(): number[] {
    return [...this.messages.values()].filter(({ is_deleted }) => !is_deleted).map(({ id }) => id);
  }

  /** Texts by id, as a fresh fetch shows them. */
  get state(): Map<number, string> {
    return new Map(this.alive.map((id) => [id, this.messages.get(id)!.content]));
  }

  readonly order: OrderOptions = {
    limits: { messages: 100, bytes: 1_000_000 },
    changesSince: async (_channelId, afterSeq, limit) => {
      this.queries += 1;
      if (this.isFailing) throw new Error("the store failed");
      const { seq } = this;
      const all = [...this.messages.values()].filter(({ updated_seq }) => updated_seq > afterSeq);
      const changes = all.toSorted((a, b) => a.updated_seq - b.updated_seq);
      await this.answering;
      return { seq, changes: changes.length > limit || afterSeq > seq ? null : changes };
    },
    positions: (channelIds) => Promise.resolve(new Map(channelIds.map((id) => [id, this.seq]))),
  };

  #commit(event: ChannelEvent): ChannelEvent {
    this.events.push(event);
    return event;
  }
}

/** The texts that a client has after these events; throws when a position is repeated or missing. */
export function followed(events: readonly unknown[]): { seq: number; state: Map<number, string> } {
  const state = new Map<number, string>();
  let seq = 0;
  for (const event of events as ChannelEvent[]) {
    if (event.seq <= seq) throw new Error(`position ${event.seq} follows ${seq}`);
    if ((event.after_seq ?? event.seq - 1) !== seq) throw new Error(`position ${event.seq} comes after ${seq}`);
    seq = event.seq;
    if (event.type === "message_deleted") state.delete(event.data.message_id);
    else if (event.type !== "reaction_updated") state.set(event.data.id, event.data.content);
  }
  return { seq, state };
}
