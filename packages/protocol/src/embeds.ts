import { z } from "zod";
import { embedLimits } from "./embed-limits.ts";
import { limits } from "./limits.ts";

const text = (length: number) => z.string().max(length);
const address = z.string().max(embedLimits.address);

/**
 * What is shown besides the text: of a webhook, in Discord's shape, or the preview of a page that the text links to, or of a picture
 * that a webhook's embed names. Readers' browsers load nothing from the addresses: pictures are links, but for that of a preview, which
 * is a copy on this instance.
 */
export const embed = z.object({
  /** A preview that the server has made. Absent: the sender made it. */
  kind: z.literal("link").optional(),
  title: text(embedLimits.title).optional(),
  description: text(embedLimits.description).optional(),
  url: address.optional(),
  /** A colour as 0xRRGGBB. */
  color: z.number().int().min(0).max(0xffffff).optional(),
  timestamp: z.string().max(40).optional(),
  author: z.object({ name: text(embedLimits.author), url: address.optional() }).optional(),
  footer: z.object({ text: text(embedLimits.footer) }).optional(),
  /** Of a preview: an address on this instance, and the picture's size. */
  image: z
    .object({
      url: address,
      width: z.number().int().positive().optional(),
      height: z.number().int().positive().optional(),
      /** It moves. */
      animated: z.literal(true).optional(),
    })
    .optional(),
  thumbnail: z.object({ url: address }).optional(),
  fields: z
    .array(
      z.object({
        name: text(embedLimits.fieldName),
        value: text(embedLimits.fieldValue),
        inline: z.boolean().optional(),
      }),
    )
    .max(embedLimits.fields)
    .optional(),
});
export const embeds = z.array(embed).max(embedLimits.perMessage + embedLimits.pictures + limits.previewsPerMessage);

export type Embed = z.infer<typeof embed>;
