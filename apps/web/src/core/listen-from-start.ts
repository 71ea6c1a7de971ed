import type { MainEvent } from "@miscord/protocol";
import { client } from "./client.ts";

/** What listeners tell of whose code is loaded a while after the first view. */
const kept: ReadonlySet<MainEvent["type"]> = new Set(["dm_activity", "reminder_updated", "scheduled_changed"]);

let early: MainEvent[] = [];
let listeners = 0;

client.on("event", (event) => {
  if (listeners === 0 && kept.has(event.type)) early.push(event);
});

/** Calls the listener with what came before its code was loaded, and then with each event. Returns how to end it. */
export function listenFromStart(listener: (event: MainEvent) => void): () => void {
  early.forEach(listener);
  listeners += 1;
  // Other listeners of the same view begin before this.
  queueMicrotask(() => (early = []));
  const end = client.on("event", listener);
  return () => {
    end();
    listeners -= 1;
  };
}
