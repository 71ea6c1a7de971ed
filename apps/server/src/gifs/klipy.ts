import { z } from "zod";
import type { ServiceGif } from "../domain/ports.ts";
import { pageSize, type ServiceApi } from "./service-api.ts";

const side = z.number().int().positive().max(10_000);
const format = z.object({ url: z.url(), dims: z.tuple([side, side]) });
const gif = z.object({
  id: z.coerce.string().min(1).max(100),
  title: z.string().default(""),
  content_description: z.string().default(""),
  media_formats: z.object({
    tinygif: format,
    tinywebp: format.optional().catch(undefined),
    tinygifpreview: format.pick({ url: true }).optional().catch(undefined),
    mediumgif: format.optional().catch(undefined),
    gif: format.optional().catch(undefined),
  }),
});
const answer = z.object({ results: z.array(z.unknown()), next: z.coerce.string().default("") });

const formats = "tinygif,tinywebp,tinygifpreview,mediumgif,gif";
const locales = { en: "en_US", ru: "ru_RU" } as const;

/** The second version of Tenor's API, which ended in June 2026 and goes on here: https://docs.klipy.com/migrate-from-tenor */
export const klipy: ServiceApi = {
  id: "klipy",
  name: "KLIPY",
  url: "https://api.klipy.com/v2",

  call({ query, next, locale }, key) {
    const page = {
      key,
      limit: String(pageSize),
      contentfilter: "medium",
      media_filter: formats,
      locale: locales[locale],
      ...(next !== null && { pos: next }),
    };
    return query === "" ? { path: "/featured", query: page } : { path: "/search", query: { ...page, q: query } };
  },

  read(given) {
    const { results, next } = answer.parse(given);
    const gifs = results.flatMap((one) => present(one) ?? []);
    return { gifs, next: next === "" || next === "0" || results.length === 0 || next.length > 200 ? null : next };
  },
};

function present(given: unknown): ServiceGif | null {
  const { data } = gif.safeParse(given);
  if (!data) return null;
  const { tinygif, tinywebp, tinygifpreview, mediumgif, gif: large } = data.media_formats;
  const [width, height] = tinygif.dims;
  return {
    id: data.id,
    title: data.content_description || data.title,
    width,
    height,
    preview: (tinywebp ?? tinygif).url,
    still: tinygifpreview?.url ?? null,
    whole: (mediumgif ?? large ?? tinygif).url,
  };
}
