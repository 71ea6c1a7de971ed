/** The closed set of node types. The parser produces nothing else, so nothing else is ever rendered. */
export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "strong" | "emphasis" | "strike" | "spoiler"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "break" }
  /** `href` is absolute, with the scheme http, https or mailto. */
  | { readonly type: "link"; readonly href: string; readonly children: readonly Inline[] }
  /** `name` is without the `@`. The message's list of mentions decides whether it names a user. */
  | { readonly type: "mention"; readonly name: string };

export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly language: string | null; readonly text: string }
  | { readonly type: "quote"; readonly children: readonly Block[] }
  | {
      readonly type: "list";
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    };
