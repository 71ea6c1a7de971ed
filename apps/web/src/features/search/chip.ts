import type { AttachedKind } from "@miscord/protocol";

/** A filter of a search. Days are local, as YYYY-MM-DD. */
export type Chip =
  | { readonly kind: "from" | "mentions"; readonly userId: number; readonly name: string }
  | { readonly kind: "in"; readonly channelId: number }
  /** Null: everywhere. */
  | { readonly kind: "server"; readonly serverId: number | null }
  | { readonly kind: "has"; readonly value: AttachedKind }
  | { readonly kind: "pinned" }
  | { readonly kind: "before" | "after" | "during"; readonly day: string };

export type ChipKind = Chip["kind"];

/** The page of a search: a channel of a server, or a private one. */
export interface SearchPlace {
  readonly serverId: number | null;
  readonly channelId: number;
}

export const chipKinds = ["from", "in", "mentions", "has", "pinned", "before", "after", "during", "server"] as const;

/** Adds the chip; of each kind but `has` a search has one. */
export function withChip(chips: readonly Chip[], chip: Chip): Chip[] {
  const isOther = (other: Chip) =>
    chip.kind === "has" ? other.kind !== "has" || other.value !== chip.value : other.kind !== chip.kind;
  return [...chips.filter(isOther), chip];
}
