/** The result of one check. */
export interface Finding {
  piece: string;
  state: "works" | "broken" | "attention";
  /** What was found and, when it does not work, what to do about it. */
  text: string;
}

export function works(piece: string, text: string): Finding {
  return { piece, state: "works", text };
}

/** Not broken, but something is missing or not configured. */
export function attention(piece: string, text: string): Finding {
  return { piece, state: "attention", text };
}

export function broken(piece: string, text: string): Finding {
  return { piece, state: "broken", text };
}

/** A short reason for an error. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // `fetch` wraps the reason as the cause; `connect` to a name with several addresses throws an AggregateError.
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return "code" in error && error.message === "" ? String(error.code) : error.message;
}
