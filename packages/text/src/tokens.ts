import type { Inline } from "./nodes.ts";

/** A paragraph's parts before emphasis is resolved. */
export type Token =
  | { readonly kind: "node"; readonly node: Inline }
  /** A run of one of `*`, `_`, `~` that may begin or end emphasis. */
  | {
      readonly kind: "run";
      readonly char: string;
      readonly length: number;
      readonly canOpen: boolean;
      readonly canClose: boolean;
    };

export function textToken(text: string): Token {
  return { kind: "node", node: { type: "text", text } };
}
