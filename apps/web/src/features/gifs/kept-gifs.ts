import { FavouriteGifList, gifCalls, type KeptGifs } from "@miscord/client";
import type { FavouriteGif, NewGifBody } from "@miscord/protocol";
import { useEffect, useSyncExternalStore } from "react";
import { client } from "../../core/client.ts";

/** Of this page, from the first part of it on that shows GIFs. */
export const keptGifs = new FavouriteGifList(client);

const subscribe = (listener: () => void) => keptGifs.subscribe(listener);

/** The GIFs that the user keeps. */
export function useKeptGifs(): KeptGifs {
  useEffect(() => keptGifs.load(), []);
  return useSyncExternalStore(subscribe, () => keptGifs.state);
}

/** That one which was found there, if the user keeps it. */
export function useKeptFrom(source: string): FavouriteGif | undefined {
  return useKeptGifs().gifs.find((gif) => gif.source === source);
}

export async function keepGif(body: NewGifBody): Promise<void> {
  keptGifs.added(await gifCalls(client.rest).add(body));
}

export async function forgetGif(gifId: number): Promise<void> {
  await gifCalls(client.rest).remove(gifId);
  keptGifs.removed(gifId);
}
