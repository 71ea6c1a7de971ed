import type { IncomingMessage } from "node:http";
import { pipeline, Transform, type Duplex } from "node:stream";
import { createBrotliDecompress, createGunzip } from "node:zlib";

interface Bounds {
  /** Of what is sent, and again of what it decompresses to. */
  maxBytes: number;
  signal: AbortSignal;
}

interface Body {
  body: AsyncIterable<Buffer>;
  isCut(): boolean;
}

/** Zlib gives this much at a time, so a bomb is noticed before more of it is in memory. */
const chunkSize = 16_384;

/** The body of an answer, decompressed, up to the limit. What is left is not received. */
export function boundedBody(answer: IncomingMessage, { maxBytes, signal }: Bounds): Body {
  let isCut = false;
  const decompress = decompressor(answer.headers["content-encoding"]);
  if (decompress === undefined) {
    answer.destroy();
    throw new Error("an encoding that was not asked for");
  }
  async function* read(): AsyncGenerator<Buffer> {
    const source = decompress ? pipeline(answer, limitTo(maxBytes), decompress, () => {}) : answer;
    try {
      let left = maxBytes;
      for await (const chunk of source as AsyncIterable<Buffer>) {
        signal.throwIfAborted();
        if (chunk.byteLength > left) {
          isCut = true;
          if (left > 0) yield chunk.subarray(0, left);
          return;
        }
        left -= chunk.byteLength;
        yield chunk;
      }
    } finally {
      answer.destroy();
    }
  }
  return { body: read(), isCut: () => isCut };
}

/** Null: none is needed. Undefined: an encoding that this server does not read, or several of them. */
function decompressor(encoding: string | undefined): Duplex | null | undefined {
  switch (encoding?.trim().toLowerCase() ?? "") {
    case "":
    case "identity":
      return null;
    case "gzip":
    case "x-gzip":
      return createGunzip({ chunkSize });
    case "br":
      return createBrotliDecompress({ chunkSize });
    default:
      return undefined;
  }
}

/** Fails after so many bytes. */
function limitTo(maxBytes: number): Transform {
  let left = maxBytes;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.byteLength;
      if (left < 0) done(new Error("the answer is too long"));
      else done(null, chunk);
    },
  });
}
