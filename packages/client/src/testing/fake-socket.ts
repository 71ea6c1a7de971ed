import type { MainCommand, MainFrame } from "@miscord/protocol";
import type { WebSocketLike } from "../platform.ts";

type Listeners = {
  message: (event: { data: unknown }) => void;
  close: (event: { code: number; reason: string }) => void;
};

/** The client's end of a WebSocket; a test acts as the server. */
export class FakeSocket implements WebSocketLike {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly sent: MainCommand[] = [];
  readonly #listeners = new Map<keyof Listeners, Set<Listeners[keyof Listeners]>>();
  readonly #onSent: (command: MainCommand) => void;
  readyState = 0;
  bufferedAmount = 0;

  constructor(url: string, protocols: readonly string[], onSent: (command: MainCommand) => void) {
    this.url = url;
    this.protocols = protocols;
    this.#onSent = onSent;
  }

  addEventListener<Type extends keyof Listeners>(
    type: Type,
    listener: Listeners[Type],
    options: { signal?: AbortSignal } = {},
  ) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    listeners.add(listener);
    options.signal?.addEventListener("abort", () => listeners.delete(listener));
  }

  send(data: string): void {
    const command = JSON.parse(data) as MainCommand;
    this.sent.push(command);
    // A server never answers before `send` has returned.
    queueMicrotask(() => this.#onSent(command));
  }

  /** Closed by the client. */
  close(): void {
    this.readyState = 3;
  }

  deliver(frame: MainFrame): void {
    if (this.readyState !== 1) return;
    this.#emit("message", { data: JSON.stringify(frame) });
  }

  /** Closed by the server with `code`, or by the network (1006) without one. */
  end(code = 1006, reason = ""): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#emit("close", { code, reason });
  }

  #emit<Type extends keyof Listeners>(type: Type, event: Parameters<Listeners[Type]>[0]): void {
    for (const listener of this.#listeners.get(type) ?? [])
      (listener as (event: Parameters<Listeners[Type]>[0]) => void)(event);
  }
}
