import type { ChildProcess } from "node:child_process";
import type { Port } from "./link.ts";

type Process = Pick<ChildProcess, "send" | "on" | "connected">;

/** The channel that Node opens between a process and the one that forked it, with advanced serialization. */
export function processPort(peer: Process | NodeJS.Process): Port {
  const events = peer as Process;
  return {
    send(message, sent) {
      if (!events.connected) return sent();
      // A failure means that the peer is gone, which `disconnect` reports.
      events.send(message as object, () => sent());
    },
    onMessage: (listener) => void events.on("message", listener),
    onClosed: (listener) => void events.on("disconnect", listener),
  };
}
