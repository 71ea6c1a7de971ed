import type { MainEvent } from "@miscord/protocol";
import { positionOf } from "../bus/position-of.ts";
import type { Encoding, Reader, WireCodec } from "./wire-codec.ts";
import { deflatedTextFrame, textFrame } from "./frame.ts";

/** A batch's events as JSON, for one codec and reader key. */
interface EncodedEvents {
  readonly low: string[];
  readonly normal: string[];
}

/** Frames of the same JSON, with or without compression; built on first use. */
interface Frames {
  readonly events: EncodedEvents;
  full: Buffer | null;
  lean: Buffer | null;
}

/** Of one codec, by reader key: each of thousands of readers may have a key of its own. */
interface ByReader {
  /** No two readers receive the same: nothing is kept, and nothing compressed, which would cost as much for each as for all. */
  readonly isOwn: boolean;
  readonly encoded: Map<string, EncodedEvents>;
  readonly plain: Map<string, Frames>;
  readonly deflated: Map<string, Frames>;
}

/**
 * Events of one topic that are flushed together. Each event is JSON-encoded once per codec and each frame built once per
 * encoding, lazily. Readers with the same `readerKey` share the bytes.
 */
export class Batch {
  /** Sent before the normal events: a typing indicator must not appear after the message that ends it. */
  readonly #low: readonly MainEvent[];
  readonly #normal: readonly MainEvent[];
  readonly #timestamp: number;
  readonly #maxEvents: number;
  readonly #byCodec = new Map<WireCodec, ByReader>();
  /** Highest `seq` of its events; 0 when none has a `seq`. */
  readonly maxSeq: number;

  /** `nowMs` is wall clock time; a frame holds at most `maxEvents` events. */
  constructor(events: { low: readonly MainEvent[]; normal: readonly MainEvent[] }, nowMs: number, maxEvents: number) {
    this.#low = events.low;
    this.#normal = events.normal;
    this.#timestamp = nowMs / 1_000;
    this.#maxEvents = maxEvents;
    this.maxSeq = events.normal.reduce((max, event) => Math.max(max, positionOf(event)), 0);
  }

  get size(): number {
    return this.#low.length + this.#normal.length;
  }

  /** Number of low-priority events. */
  get lowCount(): number {
    return this.#low.length;
  }

  /** Ids of the channels if the batch is one `channel_activity` event; null otherwise. */
  get activityOf(): number[] | null {
    const [event] = this.#low;
    if (this.size !== 1 || event?.type !== "channel_activity") return null;
    return Object.keys(event.channels).map(Number);
  }

  /** Whether all readers of the codec receive the same bytes. */
  isShared(codec: WireCodec): boolean {
    return !codec.readerKey || [...this.#low, ...this.#normal].every((event) => codec.readerKey?.(event, 0) === "");
  }

  /** See `WireCodec.prepare`; only normal events may need preparation. */
  prepare(codec: WireCodec): Promise<void> | null {
    return codec.prepare?.(this.#normal) ?? null;
  }

  /** All events as one or more WebSocket frames; null when the codec encodes none of them. */
  full(reader: Reader): Buffer | null {
    if (this.#byReader(reader.encoding.codec).isOwn) return this.#own(reader, [...this.#low, ...this.#normal]);
    const frames = this.#framesFor(reader);
    if (frames.full) return frames.full;
    if (this.#low.length === 0) return (frames.full = this.lean(reader));
    const { low, normal } = frames.events;
    return (frames.full = this.#build([...low, ...normal], reader.encoding));
  }

  /** Frames of the normal events alone, for connections that are behind; null when the codec encodes none of them. */
  lean(reader: Reader): Buffer | null {
    if (this.#byReader(reader.encoding.codec).isOwn) return this.#own(reader, this.#normal);
    const frames = this.#framesFor(reader);
    return (frames.lean ??= this.#build(frames.events.normal, reader.encoding));
  }

  #own({ encoding: { codec }, readerId }: Reader, events: readonly MainEvent[]): Buffer | null {
    return this.#build(encodeAll(events, codec, readerId), { codec, deflate: false });
  }

  #framesFor(reader: Reader): Frames {
    const { codec, deflate } = reader.encoding;
    const byReader = this.#byReader(codec);
    const key = this.#keyOf(reader);
    const built = deflate ? byReader.deflated : byReader.plain;
    let frames = built.get(key);
    if (!frames) built.set(key, (frames = { events: this.#encodedFor(reader, byReader, key), full: null, lean: null }));
    return frames;
  }

  #byReader(codec: WireCodec): ByReader {
    let byReader = this.#byCodec.get(codec);
    if (!byReader) {
      const isOwn = [...this.#low, ...this.#normal].some((event) => codec.readerKey?.(event, 0) === null);
      byReader = { isOwn, encoded: new Map(), plain: new Map(), deflated: new Map() };
      this.#byCodec.set(codec, byReader);
    }
    return byReader;
  }

  #keyOf({ encoding: { codec }, readerId }: Reader): string {
    if (!codec.readerKey) return "";
    return [...this.#low, ...this.#normal].map((event) => codec.readerKey?.(event, readerId)).join(" ");
  }

  #encodedFor({ encoding: { codec }, readerId }: Reader, { encoded }: ByReader, key: string): EncodedEvents {
    let events = encoded.get(key);
    if (!events) {
      const encode = (all: readonly MainEvent[]) => encodeAll(all, codec, readerId);
      encoded.set(key, (events = { low: encode(this.#low), normal: encode(this.#normal) }));
    }
    return events;
  }

  #build(events: string[], { codec, deflate }: Encoding): Buffer | null {
    if (events.length === 0) return null;
    const size = codec.batches ? this.#maxEvents : 1;
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

function encodeAll(events: readonly MainEvent[], codec: WireCodec, readerId: number): string[] {
  const encoded: string[] = [];
  for (const event of events) {
    const json = codec.encode(event, readerId);
    if (json !== null) encoded.push(json);
  }
  return encoded;
}
