import { embedLimits } from "./embed-limits.ts";
import type { Embed } from "./embeds.ts";

/** Addresses of the pictures in embeds that a program sent, each once: previews of them are shown in their places. */
export function embedPictures(embeds: readonly Embed[]): string[] {
  const named = embeds.flatMap(({ image, thumbnail }) => [image?.url, thumbnail?.url]);
  return [...new Set(named.filter((url) => url !== undefined))].slice(0, embedLimits.pictures);
}
