import type { Socket } from "node:net";

const closeFrame = 0x88;
/** Longer than a close frame with its reason. */
const kept = 64;

/** What a server sent last over a WebSocket. */
export class LastFrame {
  #isWebSocket: boolean | null = null;
  #tail = Buffer.alloc(0);

  constructor(server: Socket) {
    server.on("data", (chunk: Buffer) => {
      this.#isWebSocket ??= chunk.toString("latin1", 0, 12) === "HTTP/1.1 101";
      this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-kept);
    });
  }

  get isWebSocket(): boolean {
    return this.#isWebSocket === true;
  }

  /** The code of the close frame at the end; null when the last bytes are none. */
  get closeCode(): number | null {
    for (let at = this.#tail.length - 4; at >= 0; at -= 1) {
      if (this.#tail[at] === closeFrame && this.#tail[at + 1] === this.#tail.length - at - 2)
        return this.#tail.readUInt16BE(at + 2);
    }
    return null;
  }
}
