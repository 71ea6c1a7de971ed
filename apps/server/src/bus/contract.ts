import type { MainEvent } from "@miscord/protocol";

/** Where an event goes: everyone in a channel, all members of a server, or all sessions of a person. */
export type Topic = `channel:${number}` | `server:${number}` | `user:${number}`;

/** Orders to the gateways of all nodes; they never reach a client as they are. */
export type Control =
  | { type: "session_revoked"; sessionId: string }
  | { type: "membership_added"; userId: number; serverId: number }
  | { type: "membership_removed"; userId: number; serverId: number }
  | { type: "channel_removed"; channelId: number };

export type BusMessage = { kind: "event"; event: MainEvent } | { kind: "control"; control: Control };
export type BusListener = (topic: Topic, message: BusMessage) => void;

/**
 * Carries what happened to every node that has somebody to tell.
 *
 * At most once. Messages of one publisher arrive in the order in which it published them; between publishers
 * there is no order, so delivery restores it by `seq`.
 */
export interface Bus {
  publish(topic: Topic, message: BusMessage): void;
  /** Everything that any node publishes to the topic from now on, this node's own included. */
  subscribe(topic: Topic): Promise<void>;
  unsubscribe(topic: Topic): void;
  /** One listener a node: delivery. Set once, before the first subscription. */
  onMessage(listener: BusListener): void;
  ping(): Promise<void>;
  close(): Promise<void>;
}
