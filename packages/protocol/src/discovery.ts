import { z } from "zod";
import { limits } from "./limits.ts";
import { id, title } from "./model.ts";

const description = z.union([z.literal(""), title(limits.descriptionLength)]);

/** A server on the discovery page. */
export const publicServer = z.object({
  id,
  name: z.string(),
  description: z.string(),
  icon_url: z.string().nullable(),
  /** Rounded down to tens, hundreds and so on; 0: fewer than ten. */
  members: z.number().int().nonnegative(),
  is_member: z.boolean(),
});
/** `search`: part of the name or the description. `before`: the cursor of the page before. */
export const discoveryQuery = z.object({
  search: z.string().trim().max(limits.serverNameLength).default(""),
  before: z
    .string()
    .regex(/^\d{1,15}\.\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(limits.discoveryPageSize).default(limits.discoveryPageSize),
});
/** The servers that were made public last come first. `next`: cursor of the page after; null: there is none. */
export const discoveryPage = z.object({ servers: z.array(publicServer), next: z.string().nullable() });
/** What those who manage a server say of it to everybody on the instance. */
export const listingBody = z.object({ is_public: z.boolean(), description });
/** For administrators of the instance. */
export const unlistBody = z.object({ is_unlisted: z.boolean() });
/** For the owner of a server. */
export const factorBody = z.object({ factor_required: z.boolean() });

/** For those who manage a server: whether pages that its messages link to are read. */
export const previewsBody = z.object({ link_previews: z.boolean() });

export type PublicServer = z.infer<typeof publicServer>;
export type DiscoveryQuery = z.infer<typeof discoveryQuery>;
export type DiscoveryPage = z.infer<typeof discoveryPage>;
export type ListingBody = z.infer<typeof listingBody>;
