import type { MainEvent } from "@miscord/protocol";
import type { NodeId } from "../cluster/contract.ts";

/**
 * Recipients of a message: subscribers of a channel; the sessions of those who see a channel that not all members of its
 * server see, or who follow a thread; members of a server; the sessions of a user; one node; or all nodes, for changes of rights.
 */
export type Topic =
  | `channel:${number}`
  | `viewers:${number}`
  | `server:${number}`
  | `user:${number}`
  | LocalTopic
  | `node:${NodeId}`
  | "rights";

/**
 * Topics that no bus carries, as every node publishes to its own subscribers: the status of a server's members, and a page of
 * its member list.
 */
type LocalTopic = `presence:${number}` | `members:${number}:${number}`;

export function isLocalTopic(topic: Topic): boolean {
  return topic.startsWith("presence:") || topic.startsWith("members:");
}

/** Roles or overrides of a server have changed; sent on the topic `rights` after the transaction. */
export interface RightsChanged {
  readonly type: "rights_changed";
  readonly serverId: number;
  /** The members whose roles have changed; null when it may concern all. */
  readonly userIds: readonly number[] | null;
  /** Channels that all members saw and some may not see from now on. */
  readonly hidden: readonly number[];
  /** Channels that all members see from now on. */
  readonly opened: readonly number[];
  /** Channels whose overrides have changed. */
  readonly overridden: readonly number[];
  /** Other changes of channels that not all who see them may know the same of: whether they see the category. */
  readonly updated: readonly number[];
}

/** Asks to compare what these members, or all of them, see with what was applied. */
export function unknownChange(serverId: number, userIds: readonly number[] | null): RightsChanged {
  return { type: "rights_changed", serverId, userIds, hidden: [], opened: [], overridden: [], updated: [] };
}

/** Messages to the gateways of all nodes. Gateways act on them and never send them to clients. */
export type Control =
  | { type: "session_revoked"; sessionId: string }
  | { type: "membership_added"; userId: number; serverId: number }
  | { type: "membership_removed"; userId: number; serverId: number }
  | { type: "channel_removed"; channelId: number }
  | { type: "recipient_removed"; userId: number; channelId: number }
  /** The user may no longer take part in the call of a private channel that they are still in. */
  | { type: "call_refused"; userId: number; channelId: number }
  /** The user may follow the thread from now on. `isRevived`: it is back from the archive, so that also clients of sessions that have it may lack it. */
  | { type: "thread_followed"; userId: number; threadId: number; isRevived?: true }
  | { type: "thread_unfollowed"; userId: number; threadId: number }
  | { type: "thread_removed"; serverId: number; threadId: number }
  /** Who sees the user's status besides the members of their servers is to be read again. */
  | { type: "peers_changed"; userId: number }
  | RightsChanged;

/** A message from one node to another, on the topic `node:<id>` of the receiver. `data` survives JSON. */
export interface Direct {
  /** Which part of the node it is for. */
  readonly part: string;
  readonly data: unknown;
}

/** What subscribers of a topic receive. */
export type TopicMessage = { kind: "event"; event: MainEvent } | { kind: "control"; control: Control };
export type BusMessage = TopicMessage | { kind: "direct"; direct: Direct };
export type BusListener = (topic: Topic, message: TopicMessage) => void;

/** Counts since the start of the node. */
export interface BusStats {
  /** Round trip of the latest ping in milliseconds; null without a connection, and on a bus within one process. */
  latencyMs: number | null;
  /** Connections that were lost and made again. */
  reconnections: number;
  /** Times that `onGap` was called. */
  gaps: number;
  /** Batches of messages that could not be sent, or of which it is unknown whether they arrived. */
  lostBatches: number;
}

/**
 * Publish-subscribe between nodes: carries events and control messages from the node where they arise to every node
 * that subscribes to their topic. `describeBus` tests these rules for any implementation:
 *
 * - B1. The listener receives each message at most once.
 * - B2. Once `subscribe` has resolved, the listener receives what any node publishes to the topic, its own node included.
 * - B3. The listener receives nothing of topics that were never subscribed to or are unsubscribed from.
 * - B4. Messages of one publisher on one topic arrive in the order of its `publish` calls. Events that it publishes to
 *   different topics within one turn of the event loop may change places. A control message arrives after everything
 *   that its publisher published before it, on any topic, and before everything that it published later.
 * - B5. Messages arrive as they were published.
 * - B6. Subscribing again to a subscribed topic changes nothing, and one `unsubscribe` ends it.
 * - B7. `ping` resolves while the bus is usable and rejects while it is not, or is closed.
 * - B8. After `close` the listener receives nothing more, and `publish` and `subscribe` have no effect.
 * - B9. A direct message reaches the direct listeners of the node that its topic names, without a subscription, and no
 *   other listener.
 *
 * A bus over a network may lose messages. Then these rules hold instead of completeness:
 *
 * - B10. When messages to or from a node may have been lost, `onGap` is called on every node that may have missed them,
 *   once the connections work again: from then on, everything published arrives. `publish` never throws because of it,
 *   and what waits for a connection is bounded.
 * - B11. Within a few seconds after a channel's event was published, the other nodes learn the channel's latest position
 *   by `onPositions` or have had a call of `onGap`, even when the event itself was lost.
 *
 * - B12. After `announceGap`, `onGap` is called on every node, the caller's included, also where there is no other.
 *
 * There is no order between publishers: the events of one channel, published by several nodes, may change places.
 * `Delivery` puts them in order by their positions.
 */
export interface Bus {
  /** True when this node is the only one: events arrive within `publish`, in order, and none is lost. */
  readonly isLocal: boolean;
  readonly stats: Readonly<BusStats>;
  /** Sends the message to all subscribed nodes. Does not wait for them and does not throw when it is lost. */
  publish(topic: Topic, message: BusMessage): void;
  /** Resolves once the subscription is live (B2); rejects when the bus cannot subscribe within a few seconds. */
  subscribe(topic: Topic): Promise<void>;
  /** Effective when it returns. */
  unsubscribe(topic: Topic): void;
  /** Sets the node's only listener, `Delivery`; called once, before the first subscription. */
  onMessage(listener: BusListener): void;
  /** Adds a listener for direct messages to this node (B9). */
  onDirect(listener: (direct: Direct) => void): void;
  /** Adds a listener for stretches in which messages of any topic may have been missed (B10, B12). */
  onGap(listener: () => void): void;
  /** Tells that this node may have failed to publish something. */
  announceGap(): void;
  /** Adds a listener for the latest positions that other nodes published, by channel id (B11). */
  onPositions(listener: (positions: ReadonlyMap<number, number>) => void): void;
  ping(): Promise<void>;
  /** Sends what was published, then ends all subscriptions. Closing twice is allowed. */
  close(): Promise<void>;
}

export function createBusStats(): BusStats {
  return { latencyMs: null, reconnections: 0, gaps: 0, lostBatches: 0 };
}
