import type { EpochKeys, FrameCipher } from "@miscord/client";
import type { ToFrames, TransformOptions } from "./frames-messages.ts";
// oxlint-disable-next-line import/default -- Vite turns the import into a URL
import framesUrl from "./frames.worker.ts?worker&url";

interface Protected {
  /** Who is at the other end; null: the forwarding unit. */
  userId: number | null;
  receivers: Map<RTCRtpTransceiver, number>;
  senders: Readonly<Record<string, number>>;
}

/** Starts the worker; rejects when its code cannot be loaded, with which a call would be silent. */
export async function startFrames(): Promise<Worker> {
  const worker = new Worker(framesUrl, { type: "module" });
  try {
    await new Promise((resolve, reject) => {
      worker.addEventListener("message", resolve, { once: true });
      worker.addEventListener("error", () => reject(new Error("The worker does not start.")), { once: true });
    });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return worker;
}

/** Frames are encrypted and decrypted in a worker, which alone has the keys in use. */
export class WorkerCipher implements FrameCipher {
  readonly #worker: Worker;
  readonly #connections = new WeakMap<RTCPeerConnection, Protected>();
  #lastReceiver = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Each section gets its transforms as soon as it exists, before anything can be sent or received in it. */
  protect(connection: RTCPeerConnection, userId: number | null): void {
    const known: Protected = { userId, receivers: new Map(), senders: {} };
    this.#connections.set(connection, known);
    const addTransceiver = connection.addTransceiver.bind(connection);
    connection.addTransceiver = (...given) => {
      const transceiver = addTransceiver(...given);
      this.#cover(transceiver, known);
      return transceiver;
    };
    const setRemoteDescription = connection.setRemoteDescription.bind(connection);
    connection.setRemoteDescription = async (description: RTCSessionDescriptionInit) => {
      await setRemoteDescription(description);
      for (const transceiver of connection.getTransceivers()) this.#cover(transceiver, known);
    };
  }

  assign(connection: RTCPeerConnection, senders: Readonly<Record<string, number>>): void {
    const known = this.#connections.get(connection);
    if (!known) return;
    known.senders = senders;
    this.#tell({
      kind: "assign",
      receivers: [...known.receivers].map(([{ mid }, receiver]) => [receiver, senders[mid ?? ""] ?? null]),
    });
  }

  addEpoch(keys: EpochKeys): void {
    this.#tell({ kind: "epoch", keys });
  }

  sendWith(epochId: number): void {
    this.#tell({ kind: "send", epochId });
  }

  forget(epochId: number): void {
    this.#tell({ kind: "forget", epochId });
  }

  close(): void {
    this.#worker.terminate();
  }

  #cover(transceiver: RTCRtpTransceiver, { userId, receivers, senders }: Protected): void {
    if (receivers.has(transceiver)) return;
    const receiver = ++this.#lastReceiver;
    receivers.set(transceiver, receiver);
    const sender = userId ?? senders[transceiver.mid ?? ""] ?? null;
    this.#tell({ kind: "assign", receivers: [[receiver, sender]] });
    transceiver.sender.transform = this.#transform({ receiver: null });
    transceiver.receiver.transform = this.#transform({ receiver });
    if (transceiver.receiver.track.kind === "video") useVp8(transceiver);
  }

  #transform(options: TransformOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#worker, options);
  }

  #tell(message: ToFrames): void {
    this.#worker.postMessage(message);
  }
}

/** What stays readable of a frame is that of VP8. */
function useVp8(transceiver: RTCRtpTransceiver): void {
  const { codecs } = RTCRtpReceiver.getCapabilities("video") ?? { codecs: [] };
  const usable = codecs.filter(({ mimeType }) => /^video\/(?:vp8|rtx)$/i.test(mimeType));
  if (usable.length > 0) transceiver.setCodecPreferences(usable);
}
