import type { EpochKeys } from "@miscord/client";

/** Behind each encrypted frame: the frame's number, the sender's place in the group, and the epoch of its keys. */
const trailerSize = 4 + 2 + 4;
const nonceSize = 12;
const tagSize = 16;
/** Numbers of a sender's frames up to this one; no key is used beyond. */
const lastNumber = 2 ** 32 - 1;

interface Epoch {
  ownLeaf: number;
  senders: Map<number, { userId: number; key: CryptoKey }>;
}

/**
 * Encrypts and decrypts frames of sound and pictures with the keys of a call's group (AES-GCM). Each frame that this client sends
 * has a number of its own, whatever connection it is for, so that no two are encrypted alike.
 */
export class FrameKeys {
  readonly #epochs = new Map<number, Promise<Epoch>>();
  #sending: number | null = null;
  #number = 0;

  addEpoch({ id, ownLeaf, senders }: EpochKeys): void {
    this.#epochs.set(id, importKeys(ownLeaf, senders));
  }

  sendWith(id: number): void {
    this.#sending = id;
  }

  forget(id: number): void {
    if (this.#sending !== id) this.#epochs.delete(id);
  }

  /** `clear`: how many of the first bytes stay readable; they cannot be changed. Null while nothing may be sent. */
  async encrypt(frame: Uint8Array<ArrayBuffer>, clear: number): Promise<ArrayBuffer | null> {
    const id = this.#sending;
    if (id === null || this.#number >= lastNumber) return null;
    this.#number += 1;
    const number = this.#number;
    const epoch = await this.#epochs.get(id);
    const own = epoch?.senders.get(epoch.ownLeaf);
    if (!epoch || !own) return null;
    const head = frame.subarray(0, clear);
    const trailer = trailerOf({ number, leaf: epoch.ownLeaf, epochId: id });
    const parameters = parametersOf(head, trailer);
    const hidden = new Uint8Array(await crypto.subtle.encrypt(parameters, own.key, frame.subarray(head.length)));
    return concatenated(head, hidden, trailer).buffer;
  }

  /** Null for a frame that this sender has not encrypted with a key of this call. */
  async decrypt(frame: Uint8Array<ArrayBuffer>, clear: number, userId: number): Promise<ArrayBuffer | null> {
    if (frame.length < trailerSize + tagSize) return null;
    const trailer = frame.subarray(frame.length - trailerSize);
    const { leaf, epochId } = readTrailer(trailer);
    const sender = (await this.#epochs.get(epochId))?.senders.get(leaf);
    if (sender?.userId !== userId) return null;
    const head = frame.subarray(0, Math.min(clear, frame.length - trailerSize - tagSize));
    const hidden = frame.subarray(head.length, frame.length - trailerSize);
    const shown = await crypto.subtle.decrypt(parametersOf(head, trailer), sender.key, hidden).catch(() => null);
    return shown && concatenated(head, new Uint8Array(shown)).buffer;
  }
}

async function importKeys(ownLeaf: number, senders: EpochKeys["senders"]): Promise<Epoch> {
  const imported = senders.map(async ({ leaf, userId, key }) => {
    const usable = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
    return [leaf, { userId, key: usable }] as const;
  });
  return { ownLeaf, senders: new Map(await Promise.all(imported)) };
}

interface Trailer {
  number: number;
  leaf: number;
  epochId: number;
}

function trailerOf({ number, leaf, epochId }: Trailer): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(trailerSize));
  view.setUint32(0, number);
  view.setUint16(4, leaf);
  view.setUint32(6, epochId);
  return new Uint8Array(view.buffer);
}

function readTrailer({ buffer, byteOffset }: Uint8Array): Trailer {
  const view = new DataView(buffer, byteOffset, trailerSize);
  return { number: view.getUint32(0), leaf: view.getUint16(4), epochId: view.getUint32(6) };
}

function parametersOf(head: Uint8Array, trailer: Uint8Array<ArrayBuffer>): AesGcmParams {
  const iv = new Uint8Array(nonceSize);
  iv.set(trailer.subarray(0, 4), nonceSize - 4);
  return { name: "AES-GCM", iv, additionalData: concatenated(head, trailer), tagLength: tagSize * 8 };
}

function concatenated(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
