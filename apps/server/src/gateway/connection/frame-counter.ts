/**
 * Counts the frames in the byte stream of one peer, from their headers alone (RFC 6455, section 5.2). `ws` reports whole
 * messages and control frames, so the fragments of a message, which cost work as well, would go uncounted.
 */
export class FrameCounter {
  /** Next byte of the header: the first, the second, or one of the extended length. */
  #next: "first" | "second" | "length" = "first";
  #lengthBytesLeft = 0;
  #maskBytes = 0;
  /** Bytes of the payload; read so far while in the extended length. */
  #payloadLength = 0;
  /** Bytes of mask and payload of the present frame that have not arrived. */
  #bytesLeft = 0;

  /** Reads the next bytes of the stream and returns how many frames begin in them. */
  count(bytes: Uint8Array): number {
    let frames = 0;
    for (let at = 0; at < bytes.length;) {
      if (this.#bytesLeft > 0) {
        const skipped = Math.min(this.#bytesLeft, bytes.length - at);
        this.#bytesLeft -= skipped;
        at += skipped;
      } else {
        if (this.#next === "first") frames += 1;
        this.#readHeader(bytes[at]!);
        at += 1;
      }
    }
    return frames;
  }

  #readHeader(byte: number): void {
    if (this.#next === "first") {
      this.#next = "second";
      return;
    }
    if (this.#next === "second") {
      this.#maskBytes = byte & 0x80 ? 4 : 0;
      const length = byte & 0x7f;
      this.#lengthBytesLeft = length === 126 ? 2 : length === 127 ? 8 : 0;
      this.#payloadLength = this.#lengthBytesLeft > 0 ? 0 : length;
      this.#next = "length";
    } else {
      this.#payloadLength = this.#payloadLength * 256 + byte;
      this.#lengthBytesLeft -= 1;
    }
    if (this.#lengthBytesLeft > 0) return;
    this.#bytesLeft = this.#maskBytes + this.#payloadLength;
    this.#next = "first";
  }
}
