import type { WebSocketConstructor } from "@miscord/client";
import type { Batch, MainEvent } from "@miscord/protocol";

interface Departure {
  code: number;
  /** Whether the node had said when to come back. */
  wasAnnounced: boolean;
}

/** What happens to the sockets of many clients. */
export class SocketLog {
  /** Moments in which clients began to connect, by `performance.now()`. */
  readonly attempts: number[] = [];
  /** Moments in which a node greeted a client, by `performance.now()`. */
  readonly arrivals: number[] = [];
  /** Sockets that were greeted and then closed by the node, or cut. */
  departures: Departure[] = [];
  /** Attempts that ended before a greeting: milliseconds from begin to end, code and reason. */
  refusals: string[] = [];

  /** Sockets that ended although their node had not said so: neither a hint before nor a close frame. */
  cuts(): Departure[] {
    return this.departures.filter(({ code, wasAnnounced }) => code === 1006 && !wasAnnounced);
  }

  arrivalsPer(stepMs: number, since: number): number[] {
    return countsPer(stepMs, since, this.arrivals);
  }

  attemptsPer(stepMs: number, since: number): number[] {
    return countsPer(stepMs, since, this.attempts);
  }

  /** A WebSocket that writes into this log. */
  get WebSocket(): WebSocketConstructor {
    const { arrivals, attempts } = this;
    const refuse = (refusal: string) => this.refusals.push(refusal);
    const leave = (departure: Departure) => this.departures.push(departure);
    return class WatchedSocket extends WebSocket {
      #isClosedHere = false;

      constructor(url: string, protocols?: string | string[]) {
        super(url, protocols);
        const startedAt = performance.now();
        attempts.push(startedAt);
        let isGreeted = false;
        let wasAnnounced = false;
        this.addEventListener("message", ({ data }: MessageEvent<string>) => {
          if (isGreeted && !data.includes('"server_draining"')) return;
          for (const { type } of eventsOf(data)) {
            if (type === "connection_established") arrivals.push(performance.now());
            if (type === "connection_established") isGreeted = true;
            if (type === "server_draining") wasAnnounced = true;
          }
        });
        this.addEventListener("close", ({ code, reason }) => {
          if (!isGreeted) refuse(`${Math.round(performance.now() - startedAt)} ms, ${code} ${reason}`);
          if (isGreeted && !this.#isClosedHere) leave({ code, wasAnnounced });
        });
      }

      /** The client's own close, as after a heartbeat without an answer. */
      override close(code?: number, reason?: string): void {
        this.#isClosedHere = true;
        super.close(code, reason);
      }
    };
  }
}

/** How many of the moments since `since` are in each part of `stepMs`, until the last one. */
function countsPer(stepMs: number, since: number, moments: readonly number[]): number[] {
  const after = moments.filter((at) => at >= since).map((at) => Math.floor((at - since) / stepMs));
  return Array.from({ length: Math.max(-1, ...after) + 1 }, (_, step) => after.filter((at) => at === step).length);
}

function eventsOf(data: string): readonly MainEvent[] {
  const frame = JSON.parse(data) as Batch | MainEvent;
  return frame.type === "batch" ? frame.messages : [frame];
}
