import type { Rate } from "../concurrency/token-bucket.ts";
import type { NodeId } from "./contract.ts";
import type { Entry, EntryChange } from "./replica.ts";

/** What a backend reports about the other nodes. */
export interface PeerListener {
  changed(nodeId: NodeId, change: EntryChange): void;
  /** The node is alive and has these entries and no others. */
  loaded(nodeId: NodeId, entries: readonly Entry[]): void;
  gone(nodeId: NodeId): void;
  /** All other nodes are gone. */
  living(nodeIds: readonly NodeId[]): void;
}

/** One take from a budget. */
export interface Take {
  readonly budget: string;
  readonly rate: Rate;
  readonly key: string;
  readonly cost: number;
}

/**
 * Carries one node's part of the cluster to the place that the nodes share. Requests reject when that place does not
 * answer within about a second. `ClusterNode` keeps the rules that concern the node's own clock and memory.
 */
export interface ClusterBackend {
  /** Connects. Called once, before anything else. */
  open(): Promise<void>;
  /** Starts a new lease with these entries, in place of any former lease, whose claims are gone. */
  join(entries: readonly Entry[]): Promise<void>;
  /** Resolves once the nodes that lived at the last join have been reported. */
  loaded(): Promise<void>;
  /** False when the lease has ended. `ownEntries` are sent again when a change of them was lost. */
  renew(ownEntries: () => readonly Entry[]): Promise<boolean>;
  /** Sends a change of this node's own entries, in the order of the calls. Changes outside a lease may be dropped. */
  change(change: EntryChange): void;
  /** Answers in the order of the calls. Gives 0, or the milliseconds until there are enough tokens. */
  take(take: Take): Promise<number>;
  /** Takes tokens although there may be too few. Gives what is left of each: negative when it is owed. */
  force(takes: readonly Take[]): Promise<number[]>;
  refund(refund: Omit<Take, "cost">): void;
  claim(name: string): Promise<NodeId>;
  release(name: string): Promise<void>;
  ping(): Promise<void>;
  /** Ends the lease, if the shared place can be reached, and all connections. */
  close(): Promise<void>;
}
