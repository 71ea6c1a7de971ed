import { closeCodes } from "@miscord/protocol";
import type { Clock } from "../clock.ts";
import type { Connection } from "./connection/connection.ts";

/**
 * Closes the connections with 1012 at random moments of the given time, so that their clients do not all come back at
 * once. Returns after how many milliseconds each is closed.
 */
export function closeGradually(
  connections: Iterable<Connection>,
  { clock, spreadMs }: { clock: Clock; spreadMs: number },
): ReadonlyMap<Connection, number> {
  const closing = new Map([...connections].map((connection) => [connection, Math.random() * spreadMs]));
  for (const [connection, delayMs] of closing) {
    const timer = clock.setTimeout(() => connection.close(closeCodes.restart, "restart"), delayMs);
    connection.onClosed(() => timer.cancel());
  }
  return closing;
}

/** A random part of the connections: of `share`, more than 0 and at most 1, rounded up. */
export function sampleOf(connections: Iterable<Connection>, share: number): Connection[] {
  const all = [...connections].map((connection) => ({ connection, order: Math.random() }));
  const chosen = all.toSorted((a, b) => a.order - b.order).slice(0, Math.ceil(all.length * share));
  return chosen.map(({ connection }) => connection);
}
