import { AddressRefused } from "../outgoing/address-rules.ts";

/** What a thread is started with. */
export interface ThreadData {
  readonly userAgent: string;
  /** Certificate authorities in place of those that Node trusts. */
  readonly ca: string | undefined;
}

/** What a thread is to do. */
export type Call =
  | { readonly kind: "read" | "readPicture"; readonly address: string }
  | {
      readonly kind: "post";
      readonly url: string;
      readonly headers: Record<string, string>;
      readonly body: Uint8Array;
    };

/** What a thread asks while it does it: the rules of addresses, and the rates, are those of the process. */
export type Question =
  | { readonly about: "resolve" | "isPermitted" | "isPermittedPort"; readonly text: string }
  | { readonly about: "mayCall"; readonly call: number; readonly text: string };

/** An error, as far as it is passed on. */
export interface Fault {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
}

export type Outcome = { readonly value: unknown } | { readonly fault: Fault };

/** `call` and `question` have a number each, by which their outcome is known. */
export type ToThread =
  | { readonly id: number; readonly call: Call }
  | { readonly asked: number; readonly outcome: Outcome };
export type FromThread =
  | { readonly id: number; readonly outcome: Outcome }
  | { readonly asked: number; readonly question: Question };

export async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await work() };
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    return { fault: { name, message, code } };
  }
}

export function errorOf({ name, message, code }: Fault): Error {
  if (name === AddressRefused.name) return new AddressRefused(message);
  return Object.assign(new Error(message), { name, ...(code !== undefined && { code }) });
}
