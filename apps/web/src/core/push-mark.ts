import { client } from "./client.ts";
import { stored } from "./stored.ts";

const key = "push";

/** Whether this browser is to get the pushes of the user who is logged in: of nobody else, also after a logout. */
export function getsPushes(): boolean {
  return stored.get(key) === String(client.store.getState().session.me?.id);
}

export function markPushes(on: boolean): void {
  stored.set(key, on ? String(client.store.getState().session.me?.id) : "");
}
