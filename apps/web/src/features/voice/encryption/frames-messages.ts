import type { EpochKeys } from "@miscord/client";

/** What a page tells the worker that encrypts its frames. */
export type ToFrames =
  | { kind: "epoch"; keys: EpochKeys }
  | { kind: "send"; epochId: number }
  | { kind: "forget"; epochId: number }
  /** Whose media the receivers bring from here on; null: nobody's. */
  | { kind: "assign"; receivers: readonly (readonly [receiver: number, userId: number | null])[] };

/** What a transform is for: what this client sends, or what this receiver brings. */
export type TransformOptions = { receiver: number | null };
