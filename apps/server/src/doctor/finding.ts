/** What one look at one piece came to. */
export interface Finding {
  piece: string;
  state: "works" | "broken" | "attention";
  /** What was seen, and for what does not work also what to do about it. */
  text: string;
}

export function works(piece: string, text: string): Finding {
  return { piece, state: "works", text };
}

/** Works, or is not asked for, but somebody will miss something. */
export function attention(piece: string, text: string): Finding {
  return { piece, state: "attention", text };
}

export function broken(piece: string, text: string): Finding {
  return { piece, state: "broken", text };
}

/** In as few words as there are. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses were tried: `fetch` and `connect` put what each met inside.
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return "code" in error && error.message === "" ? String(error.code) : error.message;
}
