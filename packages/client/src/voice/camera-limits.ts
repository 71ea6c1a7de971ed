export interface VideoLimits {
  /** Bits per second. */
  maxBitrate: number;
  maxFramerate: number;
  /** Width and height are divided by this; 1 by default. */
  scaleResolutionDownBy?: number;
  /** Beside another encoding, when there is not enough for both. */
  priority?: RTCPriorityType;
}

/** The small encodings of pictures in a forwarded call, with the height that they are scaled down to, in lines. */
const small = {
  camera: { lines: 180, maxBitrate: 120_000, maxFramerate: 15 },
  screen: { lines: 540, maxBitrate: 250_000, maxFramerate: 5 },
} as const;

/** What a camera sends to the forwarding unit once, by how many cameras are on: each viewer receives the others. */
const forwarded = [
  { cameras: 2, maxBitrate: 1_500_000, maxFramerate: 30 },
  { cameras: 4, maxBitrate: 800_000, maxFramerate: 30 },
  { cameras: 9, maxBitrate: 400_000, maxFramerate: 24 },
  { cameras: Infinity, maxBitrate: 250_000, maxFramerate: 20 },
] as const;

/** In a mesh a camera is encoded and sent once for each other participant, who share this. */
const meshUpload = 2_400_000;

/** How a camera is encoded in a forwarded call in which so many are on. */
export function forwardedCameraLimits(cameras: number): VideoLimits {
  const { maxBitrate, maxFramerate } = forwarded.find((step) => cameras <= step.cameras)!;
  return { maxBitrate, maxFramerate };
}

/** How a camera is encoded towards each of so many others in a mesh. */
export function meshCameraLimits(others: number): VideoLimits {
  const maxBitrate = Math.min(1_200_000, Math.round(meshUpload / Math.max(1, others)));
  return { maxBitrate, maxFramerate: others > 3 ? 15 : 30 };
}

/** The small encoding of a picture that has so many lines, or an unknown number of them. */
export function smallLimits(kind: "camera" | "screen", height: number | undefined): VideoLimits {
  const { lines, maxBitrate, maxFramerate } = small[kind];
  return { maxBitrate, maxFramerate, scaleResolutionDownBy: Math.max(1, (height ?? 2 * lines) / lines) };
}
