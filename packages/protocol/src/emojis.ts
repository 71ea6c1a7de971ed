import { z } from "zod";
import { limits } from "./limits.ts";
import { id, title } from "./model.ts";

/** ASCII letters, digits and `_`: what a text names the emoji by. */
export const emojiName = z
  .string()
  .min(limits.emojiNameMin)
  .max(limits.emojiNameLength)
  .regex(/^\w+$/, "must be letters, digits and _");

/** Other words by which the emoji is found, in any language. */
const emojiAliases = z.array(title(limits.emojiAliasLength)).max(limits.emojiAliases);

/**
 * An emoji of a server: a picture with a name. Texts and reactions hold `<:name:id>`, or `<a:name:id>` if it moves. Stickers,
 * each of which is a message of its own, have the same fields.
 */
export const customEmoji = z.object({
  id,
  name: z.string(),
  animated: z.boolean(),
  aliases: z.array(z.string()),
});

/** `aliases`: with commas between them. */
export const emojiQuery = z.object({
  name: emojiName,
  aliases: z
    .string()
    .max(limits.emojiAliases * (limits.emojiAliasLength + 2))
    .default("")
    .transform((text) => text.split(",").filter((alias) => alias.trim() !== ""))
    .pipe(emojiAliases),
});
export const emojiPatch = z.object({ name: emojiName.optional(), aliases: emojiAliases.optional() });

/**
 * A word or a few, in any script. Nothing in it is a mark of the texts' grammar: `:name:` is the text of a message that shows
 * the sticker.
 */
export const stickerName = title(limits.emojiNameLength)
  .min(limits.emojiNameMin)
  .regex(/^[\p{L}\p{M}\p{N} '’!?-]+$/u, "must be letters, digits, spaces and ' ! ? -");

export const stickerQuery = emojiQuery.extend({ name: stickerName });
export const stickerPatch = emojiPatch.extend({ name: stickerName.optional() });

export type CustomEmoji = z.infer<typeof customEmoji>;
export type EmojiPatch = z.input<typeof emojiPatch>;
export type StickerPatch = z.input<typeof stickerPatch>;
