import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { AttackName, AttackOptions } from "./attack-names.ts";
import { sleep } from "./world.ts";

/** The message rate of the neighbour stays below the limit. */
export const pauseMs = 20;

/** The limits of an attacker are the usual ones, and logins come from many addresses. */
export const attackSettings = {
  TRUSTED_PROXIES: "127.0.0.1,::1",
  RATE_MESSAGES: "60/s",
  RATE_CHANGES: "10/s,30",
  RATE_JOINS: "20/s,100",
  RATE_REQUESTS: "50/s,200",
  RATE_CONNECTIONS: "60/min",
  RATE_LOGINS: "15/min,30",
};

/** Runs in a thread of its own; `finished` gives the rounds. */
export function startAttack(options: AttackOptions & { name: AttackName }) {
  const worker = new Worker(new URL("attackers.ts", import.meta.url), { workerData: options });
  const finished = once(worker, "message").then(([rounds]) => rounds as number);
  return { worker, finished };
}

/** One user who sends a message after the other and waits for each acknowledgement. */
export class Neighbour {
  readonly #socket: WebSocket;
  readonly #channelId: number;
  #sent = 0;
  #onAck: (nonce: string) => void = () => {};

  static async connect(port: number, token: string, channelId: number): Promise<Neighbour> {
    const socket = new WebSocket(`ws://localhost:${port}/ws/main?token=${token}`);
    await once(socket, "open");
    return new Neighbour(socket, channelId);
  }

  constructor(socket: WebSocket, channelId: number) {
    this.#socket = socket;
    this.#channelId = channelId;
    socket.addEventListener("message", ({ data }) => {
      for (const event of [JSON.parse(String(data)) as unknown].flat() as { type: string; nonce?: string }[]) {
        if (event.type === "message_ack") this.#onAck(event.nonce!);
      }
    });
  }

  /** Resolves with the milliseconds from sending to the acknowledgement. */
  send(channelId = this.#channelId): Promise<number> {
    const nonce = `n${(this.#sent += 1)}`;
    const startedAt = performance.now();
    this.#socket.send(JSON.stringify({ type: "chat_message", channel_id: channelId, content: nonce, nonce }));
    return new Promise((resolve) => {
      this.#onAck = (acked) => {
        if (acked === nonce) resolve(performance.now() - startedAt);
      };
    });
  }

  /** The 99th percentile of the messages sent until the promise resolves. */
  async measure(end: Promise<unknown>): Promise<{ p99Ms: number; count: number }> {
    const latencies: number[] = [];
    const over = end.then(() => "over" as const);
    do latencies.push(await this.send());
    while ((await Promise.race([over, sleep(pauseMs)])) !== "over");
    const sorted = latencies.toSorted((a, b) => a - b);
    return { p99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1]!, count: sorted.length };
  }

  close(): void {
    this.#socket.close();
  }
}
