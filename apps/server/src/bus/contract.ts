import type { MainEvent } from "@miscord/protocol";

/** Recipients of a message: subscribers of a channel, members of a server, or the sessions of a user. */
export type Topic = `channel:${number}` | `server:${number}` | `user:${number}`;

/** Messages to the gateways of all nodes. Gateways act on them and never send them to clients. */
export type Control =
  | { type: "session_revoked"; sessionId: string }
  | { type: "membership_added"; userId: number; serverId: number }
  | { type: "membership_removed"; userId: number; serverId: number }
  | { type: "channel_removed"; channelId: number };

export type BusMessage = { kind: "event"; event: MainEvent } | { kind: "control"; control: Control };
export type BusListener = (topic: Topic, message: BusMessage) => void;

/**
 * Publish-subscribe between nodes: carries events and control messages from the node where they arise to every node
 * that subscribes to their topic. `describeBus` tests these rules for any implementation:
 *
 * - B1. The listener receives each message at most once; an implementation over a network may lose messages without
 *   reporting it.
 * - B2. Once `subscribe` has resolved, the listener receives what is published to the topic, by its own node too.
 * - B3. The listener receives nothing of topics that were never subscribed to or are unsubscribed from.
 * - B4. Messages of one publisher arrive in the order of its `publish` calls, across all topics.
 * - B5. Events and control messages arrive as they were published.
 * - B6. Subscribing again to a subscribed topic changes nothing, and one `unsubscribe` ends it.
 * - B7. `ping` resolves while the bus is usable and rejects once it is closed.
 * - B8. After `close` the listener receives nothing more, and `publish` and `subscribe` have no effect.
 *
 * There is no order between publishers, and nothing restores one later: events reach clients in the order of arrival.
 * Today the server is one process and therefore the only publisher.
 */
export interface Bus {
  /** Sends the message to all subscribed nodes. Does not wait for them and does not throw when it is lost. */
  publish(topic: Topic, message: BusMessage): void;
  /** Resolves once the subscription is live (B2); rejects when the bus cannot subscribe. */
  subscribe(topic: Topic): Promise<void>;
  /** Effective when it returns. */
  unsubscribe(topic: Topic): void;
  /** Sets the node's only listener, `Delivery`; called once, before the first subscription. */
  onMessage(listener: BusListener): void;
  ping(): Promise<void>;
  /** Ends all subscriptions. Closing twice is allowed. */
  close(): Promise<void>;
}
