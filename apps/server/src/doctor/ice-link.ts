import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { IceEndpoint } from "./ice-url.ts";
import { lengthOf, readAnswer, transactionOf, type StunAnswer } from "./stun-message.ts";

/** A connection to a STUN or TURN server; all requests of one link come from the same local address. */
export interface IceLink {
  /** Rejects without an answer within four seconds. */
  ask(request: Buffer): Promise<StunAnswer>;
  close(): void;
}

/** Datagrams get lost, so requests are repeated, with twice the delay each time. */
const firstRetryMs = 250;
const answerTimeoutMs = 4_000;

export function openLink(endpoint: IceEndpoint): Promise<IceLink> {
  return endpoint.transport === "udp" ? openUdp(endpoint) : openStream(endpoint);
}

async function openUdp({ host, port }: IceEndpoint): Promise<IceLink> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  const answers = new Answers();
  // A connected UDP socket reports a closed port as an error; an unconnected one would wait for the timeout.
  socket.connect(port, address);
  socket.on("error", (error) => answers.fail(error));
  socket.on("message", (bytes) => answers.take(bytes));
  await once(socket, "connect");
  return {
    async ask(request) {
      const answer = answers.to(request);
      const repeat = (delayMs: number): NodeJS.Timeout => {
        socket.send(request);
        return setTimeout(() => (timer = repeat(delayMs * 2)), delayMs);
      };
      let timer = repeat(firstRetryMs);
      return answer.finally(() => clearTimeout(timer));
    },
    close: () => socket.close(),
  };
}

async function openStream({ host, port, transport }: IceEndpoint): Promise<IceLink> {
  const socket: Socket =
    transport === "tls" ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
  const answers = new Answers();
  let received = Buffer.alloc(0);
  socket.setTimeout(answerTimeoutMs, () => socket.destroy(new Error("no answer in time")));
  await once(socket, transport === "tls" ? "secureConnect" : "connect");
  socket.on("error", (error) => answers.fail(error));
  socket.on("close", () => answers.fail(new Error("the connection was closed")));
  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    while (received.length >= 4 && received.length >= lengthOf(received)) {
      answers.take(received.subarray(0, lengthOf(received)));
      received = received.subarray(lengthOf(received));
    }
  });
  return {
    ask(request) {
      const answer = answers.to(request);
      socket.write(request);
      return answer;
    },
    close: () => socket.destroy(),
  };
}

/** Matches answers to requests by transaction id. */
class Answers {
  readonly #waiting = new Map<string, PromiseWithResolvers<StunAnswer>>();

  to(request: Buffer): Promise<StunAnswer> {
    const id = transactionOf(request);
    const waiting = Promise.withResolvers<StunAnswer>();
    this.#waiting.set(id, waiting);
    const timer = setTimeout(() => waiting.reject(new Error("no answer in time")), answerTimeoutMs);
    return waiting.promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(id);
    });
  }

  take(bytes: Buffer): void {
    const answer = readAnswer(bytes);
    if (answer) this.#waiting.get(answer.transactionId)?.resolve(answer);
  }

  fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
