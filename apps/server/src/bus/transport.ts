import type { Topic } from "./contract.ts";

/** Name under which batches are sent: a topic, or `nodes`, to which every node subscribes. */
export type TransportChannel = Topic | "nodes";

/**
 * Moves texts between nodes for `NetworkBus`, which makes a `Bus` of it. Texts of one sender arrive in the order of its
 * calls, over all channels, and each at most once. A sender may receive its own texts.
 */
export interface BusTransport {
  /** Whether patient texts wait here for others; otherwise the bus lets them wait. */
  readonly gathers?: boolean;
  /**
   * Never throws. A text that was not sent, or of which it is unknown whether it was, is reported by `onSendsLost`. A
   * patient text may wait a moment for later ones, which do not overtake it.
   */
  send(channel: TransportChannel, text: string, isPatient: boolean): void;
  /** Resolves once the subscription is live; rejects when there is no connection for a few seconds. */
  subscribe(channel: TransportChannel): Promise<void>;
  unsubscribe(channel: TransportChannel): void;
  /** Sets the only listeners; called once, before the first subscription. */
  listen(listener: TransportListener): void;
  /** Round trip in milliseconds; rejects while texts cannot be sent or received. */
  ping(): Promise<number>;
  /** Waits shortly until what was sent has left, then ends the connections. */
  close(): Promise<void>;
}

export interface TransportListener {
  onText(channel: TransportChannel, text: string): void;
  /** Receiving was interrupted, and every subscription is live again. */
  onInterrupted(): void;
  /** This node's texts were lost, and sending works again. */
  onSendsLost(batches: number): void;
}
