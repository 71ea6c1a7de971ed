import { client } from "./client.ts";

/** Calls `forget` whenever the user of this page changes: at a logout, and at a login. */
export function forgetWithUser(forget: () => void): void {
  client.store.subscribe((state, former) => {
    if (state.session.me?.id !== former.session.me?.id) forget();
  });
}
