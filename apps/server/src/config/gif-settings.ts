import { z } from "zod";
import { oneOf, url } from "./values.ts";

type Entry = [schema: z.ZodType, description: string, extra?: { secret?: boolean }];

/** Where GIFs are searched. */
export const gifSettings = {
  GIF_PROVIDER: [
    oneOf(["giphy", "klipy"]).optional(),
    "Service whose GIFs people can search and send; this server calls it, their browsers never do. Needs GIF_API_KEY. Without it people have the GIFs that they keep.",
  ],
  GIF_API_KEY: [z.string().optional(), "Key of this instance for the API of GIF_PROVIDER.", { secret: true }],
  GIF_API_URL: [
    url(["https:", "http:"]).optional(),
    "Beginning of the API's addresses, for another service with the same API as GIF_PROVIDER: api.giphy.com/v1/gifs, or that of Tenor, version 2, which KLIPY has too. When empty, that of the provider itself.",
  ],
} satisfies Record<string, Entry>;
