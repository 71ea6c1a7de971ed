import type { RnnoiseWorkletNode } from "@sapphi-red/web-noise-suppressor";
import simdUrl from "@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url";
import wasmUrl from "@sapphi-red/web-noise-suppressor/rnnoise.wasm?url";
// oxlint-disable-next-line import/default -- Vite turns the import into a URL
import workletUrl from "@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url";

interface Loaded {
  wasmBinary: ArrayBuffer;
  Node: typeof RnnoiseWorkletNode;
}

let loading: Promise<Loaded> | null = null;

/**
 * RNNoise in the audio thread, loaded when first needed. It adds ten milliseconds of delay and takes a few percent of a
 * core.
 */
export async function createNoiseSuppressor(context: AudioContext): Promise<RnnoiseWorkletNode> {
  loading ??= load(context);
  try {
    const { wasmBinary, Node } = await loading;
    const node = new Node(context, { maxChannels: 1, wasmBinary });
    // Mono: stereo would run two suppressors and mix them at half their level.
    node.channelCount = 1;
    node.channelCountMode = "explicit";
    return node;
  } catch (error) {
    loading = null;
    throw error;
  }
}

async function load(context: AudioContext): Promise<Loaded> {
  const library = await import("@sapphi-red/web-noise-suppressor");
  const [wasmBinary] = await Promise.all([
    library.loadRnnoise({ url: wasmUrl, simdUrl }),
    context.audioWorklet.addModule(workletUrl),
  ]);
  return { wasmBinary, Node: library.RnnoiseWorkletNode };
}
