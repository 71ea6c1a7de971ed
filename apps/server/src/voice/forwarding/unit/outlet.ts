import { Rewriter, type RtpPosition } from "./rewriter.ts";
import type { Sending } from "./section.ts";
import { Throughput } from "./throughput.ts";

/** One section of a participant's connection in which packets of others are sent, of one source at a time. */
export class Outlet {
  readonly mid: string;
  readonly #sending: Sending;
  readonly #rewriter: Rewriter;
  readonly #throughput = new Throughput();

  constructor(mid: string, sending: Sending, { ssrc, clockRate }: { ssrc: number; clockRate: number }) {
    this.mid = mid;
    this.#sending = sending;
    this.#rewriter = new Rewriter(ssrc, clockRate);
  }

  get isOpen(): boolean {
    return this.#sending.isOpen;
  }

  /** Changes the header of the packet. Returns whether it was sent. `source` is a number of the sender's encoding. */
  send(packet: Buffer, source: number, position: RtpPosition): boolean {
    if (!this.isOpen) return false;
    this.#rewriter.rewrite(packet, source, position);
    this.#throughput.add(packet.length, position.nowMs);
    return this.#sending.send(packet);
  }

  /** Whether the next packet of this source does not follow the one that was sent last. */
  startsWith(source: number): boolean {
    return this.#rewriter.startsWith(source);
  }

  /** Bits per second that are sent at present. */
  bitrate(nowMs: number): number {
    return this.#throughput.bitrate(nowMs);
  }

  /** Packets are left out from here on. */
  pause(): void {
    this.#rewriter.pause();
  }
}
