import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { guarded } from "./guard.ts";
import { hasTiebreaker, isSignedWith, readBindingRequest, withTiebreaker } from "./stun.ts";

/** Ways at the same time: of all participants, and of one of them. */
const mostWays = 200;
const mostWaysOfOne = 8;
/** A way over which nothing has come for this time is closed. Browsers say every few seconds that they are there. */
const idleMs = 30_000;
/** Any number but 0: the roles are not in dispute, since the unit makes the offer. */
const tiebreaker = 1n;

interface Way {
  readonly ufrag: string;
  readonly socket: Socket;
  usedAt: number;
}

interface TurnedPortOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly unitPort: number;
  /** Of the connection that has this ufrag; undefined for none. */
  readonly passwordOf: (ufrag: string) => string | undefined;
}

/**
 * A second port for participants who come through a TURN server over TCP or TLS. Chromium sends 0 as the tiebreaker of ICE there, and
 * the engine takes that for a missing one and refuses the request (libjuice, issue 355). Such requests get another one here, and what
 * their sender sends goes on to the port of the engine. Other participants get no answer here.
 */
export class TurnedPort {
  readonly port: number;
  readonly #socket: Socket;
  readonly #options: TurnedPortOptions;
  readonly #ways = new Map<string, Way>();
  readonly #closing: NodeJS.Timeout;

  /** @throws Error when the port is taken */
  static async open(options: TurnedPortOptions): Promise<TurnedPort> {
    const socket = createSocket("udp4");
    const listening = once(socket, "listening");
    socket.bind(options.port);
    await listening;
    return new TurnedPort(socket, options);
  }

  private constructor(socket: Socket, options: TurnedPortOptions) {
    this.port = socket.address().port;
    this.#socket = socket;
    this.#options = options;
    socket.on(
      "message",
      guarded((packet: Buffer, from: RemoteInfo) => this.#receive(packet, from)),
    );
    // A peer that is gone; what is sent there is lost, as everywhere on the way.
    socket.on("error", () => {});
    this.#closing = setInterval(() => this.#closeIdle(), idleMs);
    this.#closing.unref();
  }

  close(): void {
    clearInterval(this.#closing);
    this.#socket.close();
    for (const { socket } of this.#ways.values()) socket.close();
    this.#ways.clear();
  }

  #receive(packet: Buffer, from: RemoteInfo): void {
    // A sender may claim this port, and sending there throws.
    if (from.port === 0) return;
    const request = readBindingRequest(packet);
    if (!request || hasTiebreaker(packet, request)) return this.#pass(this.#wayOf(from), packet);
    const password = this.#options.passwordOf(request.ufrag);
    // Nobody else gets a signature of this unit.
    if (password === undefined || !isSignedWith(password, packet, request)) return;
    this.#pass(
      this.#wayOf(from) ?? this.#open(from, request.ufrag),
      withTiebreaker(tiebreaker, password, packet, request),
    );
  }

  #wayOf(from: RemoteInfo): Way | undefined {
    return this.#ways.get(keyOf(from));
  }

  #pass(way: Way | undefined, packet: Buffer): void {
    if (!way) return;
    way.usedAt = performance.now();
    way.socket.send(packet, this.#options.unitPort, "127.0.0.1");
  }

  #open(from: RemoteInfo, ufrag: string): Way | undefined {
    this.#closeWhere(({ ufrag: other }) => this.#options.passwordOf(other) === undefined);
    const ofOne = [...this.#ways.values()].filter((way) => way.ufrag === ufrag);
    if (this.#ways.size >= mostWays || ofOne.length >= mostWaysOfOne) return undefined;
    const socket = createSocket("udp4");
    // Only from the engine: nobody else is to reach the participant through the unit.
    socket.on(
      "message",
      guarded((packet: Buffer, { port }: RemoteInfo) => {
        if (port === this.#options.unitPort) this.#socket.send(packet, from.port, from.address);
      }),
    );
    socket.on("error", () => {});
    socket.bind(0, "127.0.0.1");
    const way = { ufrag, socket, usedAt: performance.now() };
    this.#ways.set(keyOf(from), way);
    return way;
  }

  #closeIdle(): void {
    const before = performance.now() - idleMs;
    this.#closeWhere(({ usedAt }) => usedAt <= before);
  }

  #closeWhere(isOver: (way: Way) => boolean): void {
    for (const [key, way] of this.#ways) {
      if (!isOver(way)) continue;
      this.#ways.delete(key);
      way.socket.close();
    }
  }
}

function keyOf({ address, port }: RemoteInfo): string {
  return `${address} ${port}`;
}
