import type { Vp8 } from "./vp8.ts";

/** Numbers the pictures of several VP8 encodings, one after another, as those of one: a decoder sees no jump. */
export class PictureNumbers {
  #hasSent = false;
  #startsAnew = false;
  #last = { picture: 0, layer: 0 };
  #offset = { picture: 0, layer: 0 };

  /** The next packet is of another encoding, or follows after some were left out. */
  startAnew(): void {
    this.#startsAnew = this.#hasSent;
  }

  /** Changes the descriptor in place. The numbers are those of the packet as it arrived. */
  rewrite(packet: Buffer, { picture, layer }: Vp8): void {
    if (!picture) return;
    if (this.#startsAnew) {
      this.#offset.picture = this.#last.picture + 1 - picture.id;
      this.#offset.layer = this.#last.layer + 1 - (layer?.index ?? 0);
      this.#startsAnew = false;
    }
    const next = (picture.id + this.#offset.picture) & 0x7fff;
    const nextLayer = ((layer?.index ?? 0) + this.#offset.layer) & 0xff;
    // A packet that was overtaken does not move the numbers back.
    if (!this.#hasSent || ((next - this.#last.picture) & 0x7fff) < 0x4000) {
      this.#last = { picture: next, layer: nextLayer };
      this.#hasSent = true;
    }
    if (picture.bits === 7) packet[picture.at] = next & 0x7f;
    else packet.writeUInt16BE(0x8000 | next, picture.at);
    if (layer) packet[layer.at] = nextLayer;
  }
}
