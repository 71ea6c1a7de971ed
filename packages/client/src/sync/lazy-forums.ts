import type { MainEvent } from "@miscord/protocol";
import type { ClientContext } from "../client-context.ts";
import type { ForumQuery } from "../state/reduce-forums.ts";
import type { ClientState } from "../state/types.ts";
import type { Forums } from "./forums.ts";

/** The lists of posts, whose code is loaded when the first forum is opened. */
export class LazyForums {
  readonly #context: ClientContext;
  #loading: Promise<Forums> | null = null;
  #forums: Forums | null = null;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  /** Rejects when the code could not be loaded; the next call tries again. */
  async open(forumId: number, query: ForumQuery): Promise<void> {
    (await this.#load()).open(forumId, query);
  }

  /** After the calls of `open` before it. */
  async close(forumId: number): Promise<void> {
    (await this.#loading)?.close(forumId);
  }

  async loadMore(forumId: number): Promise<void> {
    await this.#forums?.loadMore(forumId);
  }

  receive(state: ClientState, events: readonly MainEvent[]): ClientState {
    return this.#forums?.receive(state, events) ?? state;
  }

  connected(): void {
    this.#forums?.connected();
  }

  disconnected(): void {
    this.#forums?.disconnected();
  }

  reload(): void {
    this.#forums?.reload();
  }

  synced(forumId: number): void {
    this.#forums?.synced(forumId);
  }

  refused(forumId: number, error: Extract<MainEvent, { type: "error" }>): void {
    this.#forums?.refused(forumId, error);
  }

  clear(): void {
    this.#forums?.clear();
  }

  #load(): Promise<Forums> {
    this.#loading ??= import("./forums.ts").then(
      (code) => (this.#forums = new code.Forums(this.#context)),
      (error: unknown) => {
        this.#loading = null;
        throw error;
      },
    );
    return this.#loading;
  }
}
