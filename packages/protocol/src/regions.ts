import { z } from "zod";
import { limits } from "./limits.ts";

/** Of a place where calls are forwarded. */
export const regionName = z
  .string()
  .max(limits.regionNameLength)
  .regex(/^[a-z0-9][a-z0-9-]*$/, "must be small letters, digits and dashes");

export const voiceRegion = z.object({
  name: regionName,
  /** Origin whose `/region/ping` says how far away the region is; null: the instance itself, or none that a page can ask. */
  url: z.url().nullable(),
  /** Address of a STUN server beside it, which says so too. */
  stun_url: z.string().nullable(),
  /** The instance's own region. */
  is_own: z.boolean(),
});

/** The regions that can forward a call at present. */
export const voiceRegions = z.object({ regions: z.array(voiceRegion) });

/** How far away regions are, as `main:12,ams:80`: names and milliseconds. */
export const regionTimes = z
  .string()
  .max(limits.regions * (limits.regionNameLength + 8))
  .regex(/^(?:[a-z0-9][a-z0-9-]*:\d{1,5}(?:,|$))*$/)
  .transform((text) => {
    const entries = text
      .split(",")
      .filter(Boolean)
      .map((entry) => entry.split(":") as [string, string]);
    return Object.fromEntries(entries.slice(0, limits.regions).map(([name, ms]) => [name, Number(ms)]));
  });

export type VoiceRegion = z.infer<typeof voiceRegion>;
export type VoiceRegions = z.infer<typeof voiceRegions>;
