import type { MainCommand, MainEvent } from "@miscord/protocol";
import type { ConnectionState } from "../state/types.ts";

/**
 * Sends commands and receives events, over the main socket or over the sockets of version 1. A transport of another
 * wire
 * converts to these commands and events, so that nothing else depends on the wire.
 */
export interface Transport {
  /** Connects, and reconnects until `stop`. */
  start(): void;
  stop(): void;
  /** Reconnects now instead of after the backoff. An established connection is probed, or replaced with `force`. */
  reconnect(force: boolean): void;
  readonly isOnline: boolean;
  /** False without a connection; true does not guarantee that the command arrives. */
  send(command: MainCommand): boolean;
  /** Sends an extra heartbeat now; the observer gets the round trip. */
  measure(): void;
  /** Bytes that are buffered and not sent yet. */
  readonly backlog: number;
  /** Passes a renewed access token to the server, if connected. */
  authenticate(token: string): void;
}

export interface TransportListener {
  onStatus(change: Partial<ConnectionState>): void;
  /** The server accepts commands from now on. */
  onOnline(hello: Hello): void;
  /** The connection is lost; pending answers will not arrive. */
  onOffline(cause: CloseCause): void;
  /** The events of one frame, in order. */
  onEvents(events: readonly MainEvent[]): void;
  /** Events of this channel may have been missed although the connection is up: the channel must be joined again. */
  onInterrupted(channelId: number): void;
}

export interface Hello {
  /** Changes when the server's data was restored from a backup; null where the wire does not carry it. */
  epoch: string | null;
}

export interface CloseCause {
  code: number;
  reason: string;
}

/** Receives what the metrics count. */
export interface TrafficObserver {
  /** `events`: number of events in the frame, without those that only keep the connection alive. */
  onFrameIn(bytes: number, events: number): void;
  onFrameOut(bytes: number): void;
  onRoundTrip(rttMs: number): void;
}
