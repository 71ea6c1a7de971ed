import type { Inline } from "./nodes.ts";
import { timeText } from "./time-mark.ts";
import { roleMark } from "./role-mentions.ts";

/** Stands for a spoiler of any length. */
export const cover = "▒▒▒▒";

export function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (inline.type === "spoiler") return cover;
      if (inline.type === "mention") return `@${inline.name}`;
      if (inline.type === "role") return roleMark(inline.id);
      if (inline.type === "emoji") return `:${inline.name}:`;
      if (inline.type === "break") return "\n";
      if (inline.type === "time") return timeText(inline.atMs);
      return "children" in inline ? inlineText(inline.children) : inline.text;
    })
    .join("");
}
