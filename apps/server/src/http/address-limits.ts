import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { AddressReader } from "../client-address.ts";
import { onFinished } from "./on-finished.ts";

export interface AddressLimitSettings {
  readonly maxConnectionsPerAddress: number;
  readonly maxRequestsPerAddress: number;
}

/** Counts what is open by address, up to a limit. */
class Counter {
  readonly #limit: number;
  readonly #open = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when the address has no room for another one. */
  take(address: string): boolean {
    const open = this.#open.get(address) ?? 0;
    if (open >= this.#limit) return false;
    this.#open.set(address, open + 1);
    return true;
  }

  release(address: string): void {
    const left = this.#open.get(address)! - 1;
    if (left === 0) this.#open.delete(address);
    else this.#open.set(address, left);
  }
}

/**
 * Bounds the connections and the running requests of an address, before anybody knows who asks. Connections of trusted
 * proxies are everybody's and have no bound; the requests that they forward count for the address that they name.
 */
export class AddressLimits {
  readonly #addressOf: AddressReader;
  readonly #connections: Counter;
  readonly #requests: Counter;
  readonly #isProxy: (address: string) => boolean;

  constructor(settings: AddressLimitSettings, addressOf: AddressReader, isProxy: (address: string) => boolean) {
    this.#addressOf = addressOf;
    this.#isProxy = isProxy;
    this.#requests = new Counter(settings.maxRequestsPerAddress);
    // A connection carries one request at a time, or a WebSocket, which has a limit of its own.
    this.#connections = new Counter(settings.maxRequestsPerAddress + settings.maxConnectionsPerAddress);
  }

  /** Closes connections above the limit as soon as they are made. */
  watch(server: Server): void {
    server.on("connection", (socket: Socket) => {
      const address = socket.remoteAddress;
      if (address === undefined || this.#isProxy(address)) return;
      const { limitKey } = this.#addressOf({ socket, headers: {} });
      if (!this.#connections.take(limitKey)) socket.destroy();
      else socket.once("close", () => this.#connections.release(limitKey));
    });
  }

  /** False when the address has too many requests running; otherwise it counts until it was answered and has arrived. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const { limitKey } = this.#addressOf(request);
    if (!this.#requests.take(limitKey)) return false;
    onFinished(request, response, () => this.#requests.release(limitKey));
    return true;
  }
}
