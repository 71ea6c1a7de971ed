import { deserialize, serialize } from "node:v8";
import type { Port } from "../link.ts";

export interface PortPair {
  near: Port;
  far: Port;
  /** As when the process at the other end dies. */
  cut(): void;
  /** Messages wait until `resume`, as when the other process stands still. */
  pause(): void;
  resume(): void;
}

const ignore: (message: unknown) => void = () => {};

/** Two joined ports within one process. Messages cross as between processes: serialized, in order, in a later turn. */
export function portPair(): PortPair {
  const state = { isCut: false, isPaused: false };
  const waiting: (() => void)[] = [];
  const pass = () => {
    while (!state.isPaused && !state.isCut && waiting.length > 0) waiting.shift()!();
  };
  const ends = [0, 1].map(() => ({ message: ignore, closed: () => {} }));
  const port = (own: number): Port => ({
    send(message, sent) {
      const bytes = serialize(message);
      waiting.push(() => {
        sent();
        ends[1 - own]!.message(deserialize(bytes));
      });
      setImmediate(pass);
    },
    onMessage: (listener) => void (ends[own]!.message = listener),
    onClosed: (listener) => void (ends[own]!.closed = listener),
  });
  return {
    near: port(0),
    far: port(1),
    cut() {
      state.isCut = true;
      for (const { closed } of ends) closed();
    },
    pause: () => void (state.isPaused = true),
    resume() {
      state.isPaused = false;
      pass();
    },
  };
}
