import { limits } from "@miscord/protocol";
import type { Draft } from "./drafts.ts";

/** Number of characters above the limit of a message. */
export function excessOf({ text }: Pick<Draft, "text">): number {
  return Math.max(0, text.trim().length - limits.messageLength);
}
