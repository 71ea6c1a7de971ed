import { connect, type Socket } from "node:net";
import { readFrames, type ReadFrame } from "../../testing/read-frames.ts";

/** A raw TCP peer that writes arbitrary bytes and reads the server's frames strictly. */
export class RawPeer {
  readonly #socket: Socket;
  readonly #received: Buffer[] = [];
  readonly ended: Promise<void>;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on("data", (bytes) => this.#received.push(bytes));
    this.#socket.on("error", () => {});
    this.ended = new Promise((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.on("end", () => this.#socket.end());
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  upgrade(path: string, extensions = ""): void {
    this.write(upgradeRequest(path, extensions));
  }

  /** Ends the sending side; bytes from the server are still read. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The status of the handshake and the frames received after it. Throws on an invalid frame. */
  answer(): { status: number; frames: ReadFrame[] } {
    const all = Buffer.concat(this.#received);
    const end = all.indexOf("\r\n\r\n");
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(all.toString("latin1", 0, 20))?.[1] ?? 0);
    return { status, frames: status === 101 && end >= 0 ? readFrames(all.subarray(end + 4)) : [] };
  }
}

/** The HTTP request that opens a WebSocket on the path. */
export function upgradeRequest(path: string, extensions = ""): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Version: 13",
    ...(extensions ? [`Sec-WebSocket-Extensions: ${extensions}`] : []),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}
