import type { ClientState, MiscordClient } from "@miscord/client";

const timeoutMs = 5_000;

/**
 * Waits until an event has brought the change that an HTTP call made, since the response and the event use two
 * connections. Resolves after five seconds at the latest, because the call itself has succeeded.
 */
export function untilState(client: MiscordClient, isReached: (state: ClientState) => boolean): Promise<void> {
  if (isReached(client.store.getState())) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const stop = client.store.subscribe((state) => isReached(state) && finish());
    const timer = setTimeout(finish, timeoutMs);
  });
}
