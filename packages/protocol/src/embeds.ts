import { z } from "zod";
import { embedLimits } from "./embed-limits.ts";

const text = (length: number) => z.string().max(length);
const address = z.string().max(embedLimits.address);

/**
 * What a webhook shows besides the text, in Discord's shape. Readers' browsers load nothing from the addresses: pictures
 * are links.
 */
export const embed = z.object({
  title: text(embedLimits.title).optional(),
  description: text(embedLimits.description).optional(),
  url: address.optional(),
  /** A colour as 0xRRGGBB. */
  color: z.number().int().min(0).max(0xffffff).optional(),
  timestamp: z.string().max(40).optional(),
  author: z.object({ name: text(embedLimits.author), url: address.optional() }).optional(),
  footer: z.object({ text: text(embedLimits.footer) }).optional(),
  image: z.object({ url: address }).optional(),
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
export const embeds = z.array(embed).max(embedLimits.perMessage);

export type Embed = z.infer<typeof embed>;
