import { EventEmitter } from "node:events";
import type { MainEvent } from "@miscord/protocol";
import type { SocketLike } from "../delivery/socket.ts";
import { eventsIn, readFrames } from "./read-frames.ts";

/** A socket whose peer reads when the test says so. What was written can be looked at, buffer by buffer. */
export class MemorySocket extends EventEmitter implements SocketLike {
  readonly written: Buffer[] = [];
  /** Of each system call that a real socket would have made, how many buffers it took. */
  readonly calls: number[] = [];
  isReading = true;
  isEnded = false;
  isDestroyed = false;
  #waitingBytes = 0;
  #corked = 0;
  #corkedWrites = 0;

  get writableLength(): number {
    return this.#waitingBytes;
  }

  write(bytes: Uint8Array): boolean {
    if (this.isEnded) throw new Error("written after the end");
    this.written.push(bytes as Buffer);
    if (this.#corked > 0) this.#corkedWrites += 1;
    else this.calls.push(1);
    if (!this.isReading) this.#waitingBytes += bytes.length;
    return this.isReading;
  }

  cork(): void {
    this.#corked += 1;
  }

  uncork(): void {
    this.#corked -= 1;
    if (this.#corked > 0 || this.#corkedWrites === 0) return;
    this.calls.push(this.#corkedWrites);
    this.#corkedWrites = 0;
  }

  end(): void {
    this.isEnded = true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  /** The peer has read everything. */
  drain(): void {
    this.isReading = true;
    this.#waitingBytes = 0;
    this.emit("drain");
  }

  /** Events as the peer has them, batches unwrapped. */
  events(): MainEvent[] {
    return eventsIn(Buffer.concat(this.written));
  }

  /** The close frame, if there was one. */
  closed(): { code: number; reason: string } | null {
    const close = readFrames(Buffer.concat(this.written)).find(({ opcode }) => opcode === 8);
    return close ? { code: close.payload.readUInt16BE(0), reason: close.payload.toString("utf8", 2) } : null;
  }
}
