import type { MainCommand, MainEvent } from "@miscord/protocol";
import type { ConnectionState } from "../state/types.ts";

/**
 * How commands leave and events arrive: over the main socket, or over those of version 1. Whatever speaks another
 * dialect translates to these commands and events, and everything above stays as it is.
 */
export interface Transport {
  /** Goes on trying until `stop`. */
  start(): void;
  stop(): void;
  /** Now rather than when the backoff says; a connection that is up is probed, or with `force` replaced. */
  reconnect(force: boolean): void;
  readonly isOnline: boolean;
  /** False when there is no connection to give it to; true promises nothing about its arrival. */
  send(command: MainCommand): boolean;
  /** Asks for the round trip now, beside the heartbeats; the observer is told the answer. */
  measure(): void;
  /** What waits in the socket's buffer, in bytes. */
  readonly backlog: number;
  /** A renewed access token, for the connection that is up. */
  authenticate(token: string): void;
}

export interface TransportListener {
  onStatus(change: Partial<ConnectionState>): void;
  /** Commands are taken from now on. */
  onOnline(hello: Hello): void;
  /** The connection is gone, and with it every answer that was still to come. */
  onOffline(cause: CloseCause): void;
  /** One frame's events, in order. */
  onEvents(events: readonly MainEvent[]): void;
  /** This channel's events may have missed some, while the connection as a whole is up: it is to be joined again. */
  onInterrupted(channelId: number): void;
}

export interface Hello {
  /** Differs after the server's data was restored from a backup; null where the dialect does not tell. */
  epoch: string | null;
}

export interface CloseCause {
  code: number;
  reason: string;
}

/** Counted by the metrics. */
export interface TrafficObserver {
  /** `events` without those that only keep the connection alive. */
  onFrameIn(bytes: number, events: number): void;
  onFrameOut(bytes: number): void;
  onRoundTrip(rttMs: number): void;
}
