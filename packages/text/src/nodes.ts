/** Everything that a message can contain. The parser makes nothing else, so nothing else is ever drawn. */
export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "strong" | "emphasis" | "strike"; readonly children: readonly Inline[] }
  /** Holds no mentions. */
  | { readonly type: "spoiler"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "break" }
  /** `href` is absolute, and http, https or mailto. Holds neither links nor mentions nor spoilers. */
  | { readonly type: "link"; readonly href: string; readonly children: readonly Inline[] }
  /** As typed, without the `@`. Whether it names a member is known to the server. */
  | { readonly type: "mention"; readonly name: string }
  /** `<@&id>`: whoever has the role. */
  | { readonly type: "role"; readonly id: number }
  /** `<:name:id>`, `<a:name:id>`: an emoji of a server. */
  | { readonly type: "emoji"; readonly name: string; readonly id: number }
  /** `<t:seconds>`, `<t:seconds:style>`: a moment in the reader's own time. */
  | { readonly type: "time"; readonly atMs: number; readonly style: TimeStyle };

/** As in Discord: time, with seconds, date, long date, both, with the day of the week, and how far away. */
export type TimeStyle = "t" | "T" | "d" | "D" | "f" | "F" | "R";

export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly language: string | null; readonly text: string }
  | { readonly type: "quote"; readonly children: readonly Block[] }
  /** Of level 1 to 3, or 0 for a line in small print. */
  | { readonly type: "heading"; readonly level: HeadingLevel; readonly children: readonly Block[] }
  /** A spoiler that reaches over several blocks. Holds no mentions. */
  | { readonly type: "spoiler"; readonly children: readonly Block[] }
  | {
      readonly type: "list";
      readonly ordered: boolean;
      /** Of each item, as typed; 1 for those without. */
      readonly numbers: readonly number[];
      readonly items: readonly (readonly Block[])[];
    };

export type HeadingLevel = 0 | 1 | 2 | 3;
