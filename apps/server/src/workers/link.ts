import { AppError } from "../errors.ts";
import { fromLinkError, toLinkError, type LinkError } from "./link-error.ts";

/** What one end of a link offers to the other: by name, functions of one argument. */
export type Offer = Readonly<Record<string, (argument: never) => unknown>>;
type Argument<Call> = Call extends (argument: infer Value) => unknown ? Value : never;
type Answer<Call> = Call extends (argument: never) => infer Value ? Awaited<Value> : never;

/** Carries messages to another process, in order and at most once. */
export interface Port {
  /** `sent` is called once the message has left this process, or never will. */
  send(message: unknown, sent: () => void): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when nothing can be sent or received any more. */
  onClosed(listener: () => void): void;
}

type Item =
  /** Without an id, no answer is wanted. */
  | { call: string; argument: unknown; id?: number }
  | { answer: number; value: unknown }
  | { answer: number; error: LinkError };

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** How long a patient item waits for one that is not, to leave with it. */
const patienceMs = 25;

/** Most items that wait to leave this process, or for an answer: bounds the memory when the other end stands still. */
const itemsWaitingAtMost = 100_000;

/**
 * One end of a connection between two processes, over which each calls functions of the other. What one turn of the
 * event loop brings leaves as one message, and items arrive in the order in which they were given: an event that was
 * sent before an answer arrives before it. Each message wakes the other process, so an item that is patient waits a
 * moment for the next message; whatever is given after it still arrives after it.
 */
export class Link<Theirs extends Offer> {
  readonly #port: Port;
  #handlers = new Map<string, (argument: never) => unknown>();
  #unsent: Item[] = [];
  #isSending = false;
  #isScheduled = false;
  /** Runs while only patient items wait. */
  #patience: NodeJS.Timeout | null = null;
  #lastId = 0;
  readonly #waiting = new Map<number, Waiting>();
  #isClosed = false;
  #onOverflow: () => void = () => {};

  constructor(port: Port) {
    this.#port = port;
    port.onMessage((message) => this.#receive(message as readonly Item[]));
    port.onClosed(() => this.close());
  }

  /** Sets what the other end can call; to be called in the turn in which the link was made. */
  serve(ours: Offer): void {
    this.#handlers = new Map(Object.entries(ours));
  }

  /** Called when more waits to leave than the bound, because the other end stands still. */
  onOverflow(listener: () => void): void {
    this.#onOverflow = listener;
  }

  /**
   * Resolves with the other end's answer and rejects with its error. Rejects with AppError `unavailable` when the link is
   * or becomes closed, whether or not the other end has acted, and when too many calls are waiting.
   */
  call<Name extends keyof Theirs & string>(
    name: Name,
    argument: Argument<Theirs[Name]>,
  ): Promise<Answer<Theirs[Name]>> {
    if (this.#isClosed || this.#waiting.size >= itemsWaitingAtMost) return Promise.reject(unavailable());
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      this.#add({ call: name, argument, id: this.#lastId });
    });
  }

  /** Calls without an answer. Has no effect on a closed link. */
  notify<Name extends keyof Theirs & string>(name: Name, argument: Argument<Theirs[Name]>, isPatient = false): void {
    this.#add({ call: name, argument }, isPatient);
  }

  /** Resolves once what was given before has left this process. */
  async flush(): Promise<void> {
    this.#send();
    while (!this.#isClosed && (this.#isSending || this.#unsent.length > 0)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Rejects what waits. */
  close(): void {
    this.#isClosed = true;
    this.#unsent = [];
    this.#stopWaiting();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(unavailable());
  }

  #add(item: Item, isPatient = false): void {
    if (this.#isClosed) return;
    this.#unsent.push(item);
    if (this.#unsent.length > itemsWaitingAtMost) this.#onOverflow();
    if (this.#isScheduled || this.#isSending) return;
    if (isPatient) {
      this.#patience ??= setTimeout(() => this.#send(), patienceMs);
      return;
    }
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  /** While a message is on its way, what follows gathers into the next one. */
  #send(): void {
    if (this.#unsent.length === 0 || this.#isSending) return;
    this.#stopWaiting();
    const items = this.#unsent;
    this.#unsent = [];
    this.#isSending = true;
    this.#port.send(items, () => {
      this.#isSending = false;
      this.#send();
    });
  }

  #stopWaiting(): void {
    if (this.#patience) clearTimeout(this.#patience);
    this.#patience = null;
  }

  #receive(items: readonly Item[]): void {
    for (const item of items) {
      if ("call" in item) this.#handle(item.call, item.argument, item.id);
      else this.#settle(item);
    }
  }

  #settle(item: Exclude<Item, { call: string }>): void {
    const waiting = this.#waiting.get(item.answer);
    this.#waiting.delete(item.answer);
    if ("error" in item) waiting?.reject(fromLinkError(item.error));
    else waiting?.resolve(item.value as never);
  }

  #handle(name: string, argument: unknown, id: number | undefined): void {
    const handler = this.#handlers.get(name);
    if (!handler) throw new Error(`Nothing is called ${name} at this end.`);
    // Without an answer nobody would see the error, so it is left to end the process.
    if (id === undefined) return void handler(argument as never);
    Promise.try(() => handler(argument as never)).then(
      (value) => this.#add({ answer: id, value }),
      (error: unknown) => this.#add({ answer: id, error: toLinkError(error) }),
    );
  }
}

function unavailable(): AppError {
  return new AppError("unavailable", "The database is not available.");
}
