import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../packages/client/src/connection/backoff.ts";
import type { Connection } from "./connection.ts";
import { dialsAtOnce, type Fleet } from "./fleet.ts";

export interface ArrivalReport {
  /** Connections that are established and synced at the end. */
  connected: number;
  openedMs: number;
  /** Why attempts failed and connections were lost, with how often. */
  failures: Record<string, number>;
}

const attemptsMost = 4;

/** Connects every client, after a failure or a loss again with the SDK's backoff, as far as it gets until `limitMs` have passed. */
export async function arrive(fleet: Fleet, limitMs: number): Promise<ArrivalReport> {
  const startedAt = performance.now();
  const deadline = startedAt + limitMs;
  const failures = new Map<string, number>();
  const note = (reason: string) => failures.set(reason, (failures.get(reason) ?? 0) + 1);
  const up = new Set<Connection>();
  const bringUp = async (connection: Connection, firstAttempt: number): Promise<void> => {
    for (let attempt = firstAttempt; attempt < attemptsMost && performance.now() < deadline; attempt += 1) {
      if (attempt > 0) await sleep(backoffMs(attempt - 1, Math.random));
      try {
        await fleet.bringUp(connection);
        up.add(connection);
        return;
      } catch (error) {
        note(error instanceof Error ? error.message : String(error));
        connection.drop();
      }
    }
  };
  // A worker that has more connections than the others closes some, which come back.
  const returning = new Set<Promise<void>>();
  fleet.onClosed = (connection, code) => {
    if (!up.delete(connection)) return;
    note(`closed with ${code} after it was established`);
    const back: Promise<void> = bringUp(connection, 1).finally(() => returning.delete(back));
    returning.add(back);
  };
  const queue = fleet.connections.values();
  const dialNext = async (): Promise<void> => {
    for (const connection of queue) await bringUp(connection, 0);
  };
  await Promise.all(Array.from({ length: dialsAtOnce }, dialNext));
  while (returning.size > 0) await Promise.all(returning);
  fleet.onClosed = () => {};
  return { connected: up.size, openedMs: performance.now() - startedAt, failures: Object.fromEntries(failures) };
}
