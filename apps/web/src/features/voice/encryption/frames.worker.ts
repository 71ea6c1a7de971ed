import { FrameKeys } from "./frame-keys.ts";
import type { ToFrames, TransformOptions } from "./frames-messages.ts";

type Frame = RTCEncodedVideoFrame | RTCEncodedAudioFrame;
/** Of `RTCRtpScriptTransformer`, which TypeScript knows in workers only. */
interface Transformer {
  readonly readable: ReadableStream<Frame>;
  readonly writable: WritableStream<Frame>;
  readonly options: TransformOptions;
  generateKeyFrame?(): Promise<unknown>;
  sendKeyFrameRequest?(): Promise<unknown>;
}

/** Bytes of VP8 that stay readable, since the forwarding unit looks for full pictures: their header, and that of others. */
const clearBytes = { key: 10, delta: 3, empty: 0 };
/** Minimum time between two requests for a full picture. */
const requestMs = 1_000;

const keys = new FrameKeys();
const senders = new Map<number, number | null>();
const encoders = new Set<Transformer>();

self.addEventListener("message", ({ data }: MessageEvent<ToFrames>) => {
  switch (data.kind) {
    case "epoch":
      return keys.addEpoch(data.keys);
    case "send":
      keys.sendWith(data.epochId);
      // Others may have seen nothing so far.
      for (const encoder of encoders) encoder.generateKeyFrame?.().catch(() => {});
      return;
    case "forget":
      return keys.forget(data.epochId);
    case "assign":
      for (const [receiver, userId] of data.receivers) senders.set(receiver, userId);
  }
});

self.addEventListener("rtctransform", (event) => {
  const { transformer } = event as Event & { transformer: Transformer };
  const { receiver } = transformer.options;
  const transform = receiver === null ? encrypting(transformer) : decrypting(transformer, receiver);
  // It ends with the connection.
  transformer.readable
    .pipeThrough(new TransformStream({ transform }))
    .pipeTo(transformer.writable)
    .catch(() => encoders.delete(transformer));
});

// The page waits for it.
self.postMessage("ready");

type Transform = (frame: Frame, output: TransformStreamDefaultController<Frame>) => Promise<void>;

function encrypting(transformer: Transformer): Transform {
  return async (frame, output) => {
    if (isVideo(frame)) encoders.add(transformer);
    const encrypted = await keys.encrypt(new Uint8Array(frame.data), clearOf(frame));
    if (!encrypted) return;
    frame.data = encrypted;
    output.enqueue(frame);
  };
}

function decrypting(transformer: Transformer, receiver: number): Transform {
  let isBroken = false;
  let requestedAt = -Infinity;
  return async (frame, output) => {
    const userId = senders.get(receiver) ?? null;
    const shown = userId === null ? null : await keys.decrypt(new Uint8Array(frame.data), clearOf(frame), userId);
    if (isVideo(frame)) {
      // A picture that builds on one that could not be decrypted would show nonsense.
      isBroken = shown === null || (isBroken && frame.type !== "key");
      if (isBroken && userId !== null && performance.now() - requestedAt > requestMs) {
        requestedAt = performance.now();
        transformer.sendKeyFrameRequest?.().catch(() => {});
      }
    }
    if (shown === null || (isVideo(frame) && isBroken)) return;
    frame.data = shown;
    output.enqueue(frame);
  };
}

function isVideo(frame: Frame): frame is RTCEncodedVideoFrame {
  return "type" in frame && frame.type !== undefined;
}

function clearOf(frame: Frame): number {
  return isVideo(frame) ? clearBytes[frame.type] : 0;
}
