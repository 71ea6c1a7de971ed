import type { MiscordClient } from "../client.ts";
import { differences } from "./differences.ts";
import { freshState, presentState } from "./fresh-state.ts";

const pollEveryMs = 100;

/**
 * Checks that the state built from events equals a fresh fetch. Waits for events in flight (presence and activity are
 * sent
 * once a second), and throws with the remaining differences after `timeoutMs`. Compares the own profile, open timelines, unread
 * state, servers, channels, loaded members and the inbox; nothing may change on the server meanwhile.
 */
export async function expectConverged(client: MiscordClient, { timeoutMs = 60_000 } = {}): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await differencesFromFresh(client).catch((error: unknown) => [
      `the fresh fetch failed: ${String(error)}`,
    ]);
    if (found.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(`the client differs from a fresh fetch:\n${found.slice(0, 20).join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, pollEveryMs));
  }
}

async function differencesFromFresh(client: MiscordClient): Promise<string[]> {
  if (!client.store.getState().connection.ready)
    return [`not connected: ${JSON.stringify(client.store.getState().connection)}`];
  const fresh = await freshState(client);
  return differences(presentState(client.store.getState()), fresh);
}
