import type { MainEvent } from "@miscord/protocol";
import type { Dialect, Encoding, Reader } from "./wire-codec.ts";
import { deflatedTextFrame, textFrame } from "./frame.ts";

interface Words {
  readonly dialect: Dialect;
  readonly key: string;
  readonly low: string[];
  readonly normal: string[];
}

interface Encoded {
  readonly words: Words;
  readonly deflate: boolean;
  full: Buffer | null;
  lean: Buffer | null;
}

/**
 * What leaves a topic in one flush. Each event is encoded once a dialect and each frame built once an encoding, on
 * first demand; whoever asks again gets the same bytes. So do readers of whom a dialect says the same.
 */
export class Batch {
  /** Low priority first: typing must not show after the message that ended it. */
  readonly #low: readonly MainEvent[];
  readonly #normal: readonly MainEvent[];
  readonly #timestamp: number;
  readonly #maxEvents: number;
  readonly #words: Words[] = [];
  readonly #encoded: Encoded[] = [];
  /** The highest position among its events; 0 when none has one. */
  readonly maxSeq: number;

  constructor(events: { low: readonly MainEvent[]; normal: readonly MainEvent[] }, nowMs: number, maxEvents: number) {
    this.#low = events.low;
    this.#normal = events.normal;
    this.#timestamp = nowMs / 1_000;
    this.#maxEvents = maxEvents;
    this.maxSeq = events.normal.reduce((max, event) => Math.max(max, seqOf(event)), 0);
  }

  get size(): number {
    return this.#low.length + this.#normal.length;
  }

  get lowCount(): number {
    return this.#low.length;
  }

  /** The channels whose activity is all that there is to tell; null when there is more. */
  get activityOf(): number[] | null {
    const [event] = this.#low;
    if (this.size !== 1 || event?.type !== "channel_activity") return null;
    return Object.keys(event.channels).map(Number);
  }

  /** Whether all readers of the dialect get the same. */
  isShared(dialect: Dialect): boolean {
    return !dialect.readerKey || [...this.#low, ...this.#normal].every((event) => dialect.readerKey?.(event, 0) === "");
  }

  /** See `Dialect.prepare`. */
  prepare(dialect: Dialect): Promise<void> | null {
    return dialect.prepare?.(this.#normal) ?? null;
  }

  /** Null when the dialect has nothing to say. */
  full(reader: Reader): Buffer | null {
    const encoded = this.#entry(reader);
    if (encoded.full) return encoded.full;
    if (this.#low.length === 0) return (encoded.full = this.lean(reader));
    const { low, normal } = encoded.words;
    return (encoded.full = this.#frames([...low, ...normal], reader.encoding));
  }

  /** Without low priority, for those who are behind. */
  lean(reader: Reader): Buffer | null {
    const encoded = this.#entry(reader);
    return (encoded.lean ??= this.#frames(encoded.words.normal, reader.encoding));
  }

  #entry(reader: Reader): Encoded {
    const { dialect, deflate } = reader.encoding;
    const key = this.#keyOf(reader);
    for (const encoded of this.#encoded) {
      const { words } = encoded;
      if (words.dialect === dialect && encoded.deflate === deflate && words.key === key) return encoded;
    }
    const encoded: Encoded = { words: this.#wordsFor(reader, key), deflate, full: null, lean: null };
    this.#encoded.push(encoded);
    return encoded;
  }

  #keyOf({ encoding: { dialect }, readerId }: Reader): string {
    if (!dialect.readerKey) return "";
    return [...this.#low, ...this.#normal].map((event) => dialect.readerKey?.(event, readerId)).join(" ");
  }

  #wordsFor({ encoding: { dialect }, readerId }: Reader, key: string): Words {
    let words = this.#words.find((each) => each.dialect === dialect && each.key === key);
    if (!words) {
      const encode = (events: readonly MainEvent[]) => encodeAll(events, dialect, readerId);
      words = { dialect, key, low: encode(this.#low), normal: encode(this.#normal) };
      this.#words.push(words);
    }
    return words;
  }

  #frames(events: string[], { dialect, deflate }: Encoding): Buffer | null {
    if (events.length === 0) return null;
    const size = dialect.batches ? this.#maxEvents : 1;
    const build = deflate ? deflatedTextFrame : textFrame;
    if (events.length <= size) return build(this.#wrap(events));
    const frames: Buffer[] = [];
    for (let i = 0; i < events.length; i += size) frames.push(build(this.#wrap(events.slice(i, i + size))));
    return Buffer.concat(frames);
  }

  #wrap(events: string[]): string {
    if (events.length === 1) return events[0]!;
    return `{"type":"batch","messages":[${events.join(",")}],"timestamp":${this.#timestamp}}`;
  }
}

function seqOf(event: MainEvent): number {
  switch (event.type) {
    case "new_message":
    case "message_edited":
    case "message_deleted":
    case "reaction_updated":
      return event.seq;
    default:
      return 0;
  }
}

function encodeAll(events: readonly MainEvent[], dialect: Dialect, readerId: number): string[] {
  const encoded: string[] = [];
  for (const event of events) {
    const json = dialect.encode(event, readerId);
    if (json !== null) encoded.push(json);
  }
  return encoded;
}
