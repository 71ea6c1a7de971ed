import type { TrafficObserver } from "../connection/transport.ts";

/** Totals of the main connection's traffic since the client was created. */
export class TrafficCounter implements TrafficObserver {
  /** Frames that carried events. */
  frames = 0;
  events = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** Latest round trip of the present connection; null before the first. */
  rttMs: number | null = null;

  onFrameIn(bytes: number, events: number): void {
    this.bytesIn += bytes;
    if (events > 0) this.frames += 1;
    this.events += events;
  }

  onFrameOut(bytes: number): void {
    this.bytesOut += bytes;
  }

  onRoundTrip(rttMs: number): void {
    this.rttMs = rttMs;
  }
}
