import { closeCodes } from "@miscord/protocol";
import { WebSocket } from "ws";
import type { Clock, Timer } from "../clock.ts";
import { beatMs, linkVersion, silentBeats, type FromNode, type ToNode } from "../voice/regions/link-messages.ts";

const connectMs = 10_000;
const firstRetryMs = 500;
const longestRetryMs = 10_000;
/** A description of a call is far below. */
const mostFrameBytes = 256 * 1024;
/** An instance that reads so slowly is given up: its participants would be told too late. */
const mostUnsentBytes = 8 * 1024 * 1024;

/** Refusals that the same voice node gets again. */
const lasting: ReadonlySet<number> = new Set([closeCodes.tokenInvalid, closeCodes.forbidden, closeCodes.notFound]);

export interface InstanceLinkOptions {
  readonly instanceUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly version: string;
  /** Where browsers measure how far away this machine is; null: they cannot. */
  readonly regionUrl: string | null;
  readonly onWelcome: (welcome: Extract<ToNode, { kind: "welcome" }>) => void;
  readonly onMessage: (message: Exclude<ToNode, { kind: "welcome" | "beat" }>) => void;
  /** The link is gone, and with it all that was told over it. Another one is tried. */
  readonly onLost: (reason: string) => void;
  /** The instance does not want this voice node; no other link is tried. */
  readonly onRefused: (reason: string) => void;
}

/** The link of a voice node to its instance: one WebSocket after the other, until it is stopped or refused. */
export class InstanceLink {
  readonly #options: InstanceLinkOptions;
  #socket: WebSocket | null = null;
  #timer: Timer | null = null;
  #attempt = 0;
  #silent = 0;
  #isStopped = false;

  constructor(options: InstanceLinkOptions) {
    this.#options = options;
  }

  start(): void {
    const { instanceUrl, token, version, regionUrl, clock } = this.#options;
    const socket = new WebSocket(`${instanceUrl.replace(/^http/, "ws")}/ws/voice-node`, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      handshakeTimeout: connectMs,
      maxPayload: mostFrameBytes,
    });
    this.#socket = socket;
    this.#silent = 0;
    let reason = "";
    const beats = clock.setInterval(() => {
      // A connection that is being made has a time limit of its own.
      if (socket.readyState !== WebSocket.OPEN) return;
      this.#silent += 1;
      if (this.#silent > silentBeats) {
        reason = "it is silent";
        return socket.terminate();
      }
      this.send({ kind: "beat" });
    }, beatMs);
    socket.on("open", () => this.send({ kind: "hello", link: linkVersion, version, url: regionUrl }));
    socket.on("message", (data: Buffer) => {
      this.#silent = 0;
      this.#receive(data);
    });
    socket.on("error", (error) => (reason = error.message));
    socket.on("close", (code, text) => {
      beats.cancel();
      this.#closed(code, text.toString() || reason || `code ${code}`);
    });
  }

  send(message: FromNode): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > mostUnsentBytes) return socket.terminate();
    socket.send(JSON.stringify(message));
  }

  /** Resolves when the instance knows, or after a moment. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = this.#options.clock.setTimeout(() => socket.terminate(), firstRetryMs);
    socket.once("close", () => resolve());
    socket.close(closeCodes.goingAway);
    await promise;
    late.cancel();
  }

  #receive(data: Buffer): void {
    const message = parse(data);
    if (message === null) return;
    if (message.kind === "beat") {
      if (message.ping !== undefined) this.send({ kind: "beat", ping: message.ping });
      return;
    }
    if (message.kind !== "welcome") return this.#options.onMessage(message);
    this.#attempt = 0;
    this.#options.onWelcome(message);
  }

  #closed(code: number, reason: string): void {
    if (this.#isStopped) return;
    if (lasting.has(code)) {
      this.#isStopped = true;
      return this.#options.onRefused(reason);
    }
    this.#options.onLost(reason);
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** this.#attempt) * (0.75 + Math.random() / 2);
    this.#attempt += 1;
    this.#timer = this.#options.clock.setTimeout(() => this.start(), delayMs);
  }
}

/** Null for what is no message: a proxy may answer in place of the instance. */
function parse(data: Buffer): ToNode | null {
  try {
    return JSON.parse(data.toString()) as ToNode;
  } catch {
    return null;
  }
}
