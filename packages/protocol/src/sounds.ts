import { z } from "zod";
import { limits } from "./limits.ts";
import { emoji, id, title } from "./model.ts";

const soundName = title(limits.soundNameLength).min(limits.soundNameMin);
/** In percent, at which everybody hears the sound, before their own settings. */
const volume = z.number().int().min(0).max(100);

/** A sound of a server, which its members play in calls. */
export const serverSound = z.object({
  id,
  name: z.string(),
  /** Of Unicode; null: none. */
  emoji: z.string().nullable(),
  volume,
  duration_ms: z.number().int().positive(),
});

/** `volume`: 100 by default. */
export const soundQuery = z.object({
  name: soundName,
  emoji: emoji.optional(),
  volume: z.coerce.number().pipe(volume).default(100),
});
export const soundPatch = z.object({
  name: soundName.optional(),
  emoji: emoji.nullable().optional(),
  volume: volume.optional(),
});

export type ServerSound = z.infer<typeof serverSound>;
export type SoundPatch = z.input<typeof soundPatch>;
