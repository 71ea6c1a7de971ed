import type { ClientState, MiscordClient } from "@miscord/client";

const timeoutMs = 5_000;

/**
 * Waits for an event to bring what a call has just changed: the answer and the event travel on two connections.
 * Gives up quietly after five seconds, since the call itself has succeeded.
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
