import type { FavouriteGif, MainEvent } from "@miscord/protocol";
import type { MiscordClient } from "../client.ts";
import { gifCalls } from "../rest/gif-calls.ts";
import { EventReplay } from "./event-replay.ts";

export interface KeptGifs {
  /** Failed: it is tried again with the next connection, and by `load`. */
  status: "loading" | "ready" | "failed";
  /** The latest first. */
  gifs: readonly FavouriteGif[];
}

const nothing: KeptGifs = { status: "loading", gifs: [] };

/**
 * The GIFs that the user keeps, from the first `load` on: loaded with each connection, and kept up to date by events. Its code is
 * loaded with the first part of the screen that shows them.
 */
export class FavouriteGifList {
  readonly #client: Pick<MiscordClient, "rest" | "on" | "store">;
  readonly #replay = new EventReplay<MainEvent>();
  readonly #listeners = new Set<() => void>();
  /** Ids are never given again: what was removed stays away, whatever event comes later. */
  readonly #removed = new Set<number>();
  readonly #stops: readonly (() => void)[];
  #state = nothing;
  #isWanted = false;
  #asked = 0;

  constructor(client: Pick<MiscordClient, "rest" | "on" | "store">) {
    this.#client = client;
    this.#stops = [
      client.on("event", (event) => this.#receive(event)),
      client.store.subscribe((state, former) => {
        if (state.session.me?.id !== former.session.me?.id) this.#forget();
        if (state.connection.ready && !former.connection.ready && this.#isWanted) void this.#load();
      }),
    ];
  }

  get state(): KeptGifs {
    return this.#state;
  }

  /** Loads the list unless that was done already. */
  load(): void {
    if (this.#isWanted && this.#state.status !== "failed") return;
    this.#isWanted = true;
    void this.#load();
  }

  /** Returns the function that removes the listener. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  /** Shows what the server has answered with, before its event comes. */
  added(gif: FavouriteGif): void {
    this.#receive({ type: "favourite_gif_added", gif });
  }

  removed(gifId: number): void {
    this.#receive({ type: "favourite_gif_removed", gif_id: gifId });
  }

  #receive(event: MainEvent): void {
    if (!this.#isWanted) return;
    if (event.type === "resync") return void this.#load();
    this.#replay.record([event]);
    if (this.#state.status === "ready") this.#show("ready", this.#changed(this.#state.gifs, event));
  }

  async #load(): Promise<void> {
    const asked = (this.#asked += 1);
    if (this.#state.status === "failed") this.#show("loading", []);
    try {
      await this.#replay.during(gifCalls(this.#client.rest).list, (gifs, since) => {
        if (asked !== this.#asked) return;
        const all = since.reduce<readonly FavouriteGif[]>((list, event) => this.#changed(list, event), gifs);
        this.#show("ready", all);
      });
    } catch {
      // What is shown stays until the next connection.
      if (asked === this.#asked && this.#state.status !== "ready") this.#show("failed", []);
    }
  }

  #changed(gifs: readonly FavouriteGif[], event: MainEvent): readonly FavouriteGif[] {
    if (event.type === "favourite_gif_removed") {
      this.#removed.add(event.gif_id);
      return gifs.filter(({ id }) => id !== event.gif_id);
    }
    if (event.type !== "favourite_gif_added" || this.#removed.has(event.gif.id)) return gifs;
    if (gifs.some(({ id }) => id === event.gif.id)) return gifs;
    return [event.gif, ...gifs].toSorted((a, b) => b.id - a.id);
  }

  #forget(): void {
    this.#isWanted = false;
    this.#asked += 1;
    this.#removed.clear();
    this.#show("loading", []);
  }

  #show(status: KeptGifs["status"], gifs: readonly FavouriteGif[]): void {
    if (status === this.#state.status && gifs === this.#state.gifs) return;
    this.#state = { status, gifs };
    for (const listener of this.#listeners) listener();
  }
}
