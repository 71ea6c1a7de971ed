import type { Attachment, FavouriteGif, FavouriteGifs, FoundGifs, GifSearchBody, NewGifBody } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls about GIFs, apart from `Rest` so that only their parts of the screen load them. Each rejects with `ApiError`. */
export function gifCalls({ call }: Pick<Rest, "call">) {
  return {
    list: async () => (await call<FavouriteGifs>("GET", "/api/me/gifs")).gifs,
    /** One that is kept already is answered with. */
    add: (body: NewGifBody) => call<FavouriteGif>("POST", "/api/me/gifs", { body }),
    remove: (gifId: number) => call<void>("DELETE", `/api/me/gifs/${gifId}`),
    /** An upload with the same picture, to be sent with a message. */
    upload: (gifId: number) => call<Attachment>("POST", `/api/me/gifs/${gifId}/upload`),
    search: (body: GifSearchBody) => call<FoundGifs>("POST", "/api/gifs/search", { body }),
    /** The same of one that a search has found. */
    uploadFound: (found: string) => call<Attachment>("POST", "/api/gifs/upload", { body: { found } }),
  };
}
