import { z } from "zod";
import type { ServiceGif } from "../domain/ports.ts";
import { pageSize, type ServiceApi } from "./service-api.ts";

/** Numbers are texts there. */
const side = z.coerce.number().int().positive().max(10_000);
const picture = z.object({ url: z.url().optional(), webp: z.url().optional() });
const gif = z.object({
  id: z.string().min(1).max(100),
  title: z.string().default(""),
  images: z.object({
    fixed_width: picture.extend({ width: side, height: side }),
    fixed_width_still: picture.optional(),
    downsized_medium: picture.optional(),
    original: picture.optional(),
  }),
});
const answer = z.object({
  data: z.array(z.unknown()),
  pagination: z.object({ offset: z.number(), count: z.number(), total_count: z.number() }),
});

/** Further than this it answers nothing. */
const lastOffset = 4_999;

/** https://developers.giphy.com/docs/api */
export const giphy: ServiceApi = {
  id: "giphy",
  name: "GIPHY",
  url: "https://api.giphy.com/v1/gifs",

  call({ query, next, locale }, key) {
    const page = { api_key: key, limit: String(pageSize), offset: next ?? "0", rating: "pg-13" };
    if (query === "") return { path: "/trending", query: page };
    return { path: "/search", query: { ...page, q: query.slice(0, 50), lang: locale } };
  },

  read(given) {
    const { data, pagination } = answer.parse(given);
    const end = pagination.offset + pagination.count;
    const isLast = pagination.count === 0 || end >= pagination.total_count || end > lastOffset;
    return { gifs: data.flatMap((one) => present(one) ?? []), next: isLast ? null : String(end) };
  },
};

function present(given: unknown): ServiceGif | null {
  const { data } = gif.safeParse(given);
  if (!data) return null;
  const { fixed_width: small, fixed_width_still: still, downsized_medium: medium, original } = data.images;
  const preview = small.webp ?? small.url;
  const whole = medium?.url ?? original?.webp ?? original?.url ?? small.url;
  if (preview === undefined || whole === undefined) return null;
  const { id, title } = data;
  return { id, title, width: small.width, height: small.height, preview, still: still?.url ?? null, whole };
}
