import { embedPictures, limits, type Embed } from "@miscord/protocol";
import { linksToPreview } from "@miscord/text";
import type { MessageRow } from "./schema.ts";

/** Value of `messages.previews`: somebody has removed them, and they do not come back. */
export const removedPreviews = "[]";

export function previewsOf({ previews }: Pick<MessageRow, "previews">): Embed[] {
  return previews === null ? [] : (JSON.parse(previews) as Embed[]);
}

/** Ids of the pictures that previews show. */
export function picturesIn(previews: readonly Embed[]): string[] {
  return [...new Set(previews.flatMap(({ image }) => image?.url.split("/").at(-1) ?? []))];
}

/** What a message has previews of: pages that its text links to, and pictures that the embeds of a program name. */
export function previewedBy(content: string, embeds: readonly Embed[]): string[] {
  return [...new Set([...linksToPreview(content, limits.previewsPerMessage), ...embedPictures(embeds)])];
}
