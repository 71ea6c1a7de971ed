import { EventEmitter } from "node:events";
import type { MainEvent } from "@miscord/protocol";
import type { SocketLike } from "../delivery/socket.ts";
import { eventsIn, readFrames } from "./read-frames.ts";

/** An in-memory socket whose peer reads only when `isReading`. Keeps the written buffers. */
export class MemorySocket extends EventEmitter implements SocketLike {
  readonly written: Buffer[] = [];
  /** The number of buffers in each system call that a real socket would have made. */
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

  /** The events written so far, batches unwrapped. */
  events(): MainEvent[] {
    return eventsIn(Buffer.concat(this.written));
  }

  /** The close frame, if there was one. */
  closed(): { code: number; reason: string } | null {
    const close = readFrames(Buffer.concat(this.written)).find(({ opcode }) => opcode === 8);
    return close ? { code: close.payload.readUInt16BE(0), reason: close.payload.toString("utf8", 2) } : null;
  }
}
