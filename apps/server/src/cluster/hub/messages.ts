import type { Take } from "../backend.ts";
import type { NodeId } from "../contract.ts";
import type { Entry, EntryChange } from "../replica.ts";

/** What a node asks of the hub; the answer carries the same `id`. */
export type HubRequest =
  | { type: "join"; id: number; nodeId: NodeId; leaseMs: number; entries: readonly Entry[] }
  | { type: "renew" | "leave" | "ping"; id: number }
  | { type: "take"; id: number; take: Take }
  | { type: "force"; id: number; takes: readonly Take[] }
  | { type: "claim" | "release"; id: number; name: string };

/** Messages from a node to the hub. All messages are plain objects that survive `structuredClone` and JSON. */
export type NodeMessage =
  | HubRequest
  | { type: "change"; change: EntryChange }
  | { type: "refund"; refund: Omit<Take, "cost"> };

/** To `renew`: false when the lease has ended. To `take`: milliseconds. To `force`: tokens. To `claim`: the owner. */
export type HubAnswer = boolean | number | readonly number[] | NodeId | null;

/** Messages from the hub to a node. `loaded` also announces a node that has just joined; `living` ends a join. */
export type HubMessage =
  | { type: "answer"; id: number; value: HubAnswer }
  | { type: "refused"; id: number; reason: string }
  | { type: "loaded"; nodeId: NodeId; entries: readonly Entry[] }
  | { type: "changed"; nodeId: NodeId; change: EntryChange }
  | { type: "gone"; nodeId: NodeId }
  | { type: "living"; nodeIds: readonly NodeId[] };

/** Maps whose entries are shown or averaged. Others count towards limits, or say whom to ask. */
const patientMaps: ReadonlySet<string> = new Set(["presence", "load", "nodes"]);

/**
 * Whether nobody waits for the message, so that it may go with the next one: entries of some maps, tokens that were spent
 * optimistically, and what is left of them.
 */
export function isPatient(message: NodeMessage | HubMessage): boolean {
  switch (message.type) {
    case "change":
    case "changed":
      return patientMaps.has(message.change.map);
    case "answer":
      return Array.isArray(message.value);
    default:
      return message.type === "force";
  }
}

/** One end of a channel that keeps the order of messages. What is sent while the other end is gone is lost. */
interface HubPort<Out, In> {
  send(message: Out): void;
  /** Sets the only listener; called before the first message is sent. */
  onMessage(listener: (message: In) => void): void;
}

export type NodePort = HubPort<NodeMessage, HubMessage>;
export type MemberPort = HubPort<HubMessage, NodeMessage>;
