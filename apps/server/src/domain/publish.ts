import type { MainEvent } from "@miscord/protocol";
import type { Bus, Control, Topic } from "../bus/contract.ts";

type Context = { readonly bus: Bus };

/** Publishes an event to the subscribers of the topic, on all nodes. */
export function publish({ bus }: Context, topic: Topic, event: MainEvent): void {
  bus.publish(topic, { kind: "event", event });
}

/**
 * The topic of what those who see the channel may know without joining it: that of the server when all of its members
 * see the channel.
 */
export function topicOf(channel: { id: number; serverId: number; isRestricted: boolean }): Topic {
  return channel.isRestricted ? `viewers:${channel.id}` : `server:${channel.serverId}`;
}

/** Sends a control message to the gateways of all nodes that hold subscribers of the topic. */
export function sendControl({ bus }: Context, topic: Topic, control: Control): void {
  bus.publish(topic, { kind: "control", control });
}
