import type { Draft } from "@miscord/protocol";

/** What the server has, as far as this page knows. */
export interface KnownDraft {
  readonly text: string;
  readonly rev: number;
}

interface Options {
  list: () => Promise<readonly Draft[]>;
  save: (channelId: number, text: string) => Promise<Draft>;
  /** Channels whose composer on this page holds something. */
  written: () => readonly number[];
  /** What this page's composer of the channel holds. */
  textOf: (channelId: number) => string;
  /** Puts the text into this page's composer. */
  show: (channelId: number, text: string) => void;
  /** Of an earlier page of this browser. */
  known: ReadonlyMap<number, KnownDraft>;
  /** Called when `known` changes, to be kept for later pages. */
  onKnown: (known: ReadonlyMap<number, KnownDraft>) => void;
  /** Whether an error means that the channel is gone for the user. */
  isGone: (error: unknown) => boolean;
  longest: number;
}

/** A draft is saved when nothing was typed for so long. */
export const pauseMs = 1_000;

/**
 * Keeps the drafts of this page and those of the account alike. What was typed here and is not saved yet stays, and is saved
 * over what came from elsewhere: the last one to write wins. What was only shown here gives way.
 */
export class DraftSync {
  readonly #options: Options;
  readonly #known: Map<number, KnownDraft>;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  constructor(options: Options) {
    this.#options = options;
    this.#known = new Map(options.known);
  }

  /** After each connect. */
  async load(): Promise<void> {
    for (const draft of await this.#options.list()) this.received(draft, true);
    for (const channelId of new Set([...this.#known.keys(), ...this.#options.written()])) this.changed(channelId);
  }

  /** The user has changed the draft, or it was sent. */
  changed(channelId: number): void {
    clearTimeout(this.#timers.get(channelId));
    this.#timers.delete(channelId);
    if (!this.#isUnsaved(channelId)) return;
    const save = () => {
      this.#timers.delete(channelId);
      void this.#save(channelId);
    };
    this.#timers.set(channelId, setTimeout(save, pauseMs));
  }

  /** `isLoaded`: it may have been written before this page was opened. */
  received({ channel_id: channelId, text, rev }: Draft, isLoaded = false): void {
    if ((this.#known.get(channelId)?.rev ?? 0) >= rev) return;
    const wasSaved = !this.#isUnsaved(channelId);
    const isFirst = !this.#known.has(channelId);
    this.#learn(channelId, { text, rev });
    if (wasSaved && this.#options.textOf(channelId) !== text) this.#options.show(channelId, text);
    else {
      // What this page never knew of is not written over.
      const own = this.#options.textOf(channelId);
      if (isLoaded && isFirst && text !== "" && own !== text) this.#options.show(channelId, `${text}\n${own}`);
      this.changed(channelId);
    }
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #isUnsaved(channelId: number): boolean {
    return this.#options.textOf(channelId) !== (this.#known.get(channelId)?.text ?? "");
  }

  async #save(channelId: number): Promise<void> {
    const text = this.#options.textOf(channelId);
    if (text.length > this.#options.longest) return;
    try {
      this.received(await this.#options.save(channelId, text));
    } catch (error) {
      // Without a connection it is saved after the next one.
      if (!this.#options.isGone(error)) return;
      this.#known.delete(channelId);
      this.#options.onKnown(this.#known);
    }
  }

  #learn(channelId: number, known: KnownDraft): void {
    this.#known.set(channelId, known);
    this.#options.onKnown(this.#known);
  }
}
