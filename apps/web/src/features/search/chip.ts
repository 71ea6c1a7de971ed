import type { SearchRequest } from "@miscord/client";
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

/** The request of a search on a page: in its server or private channel, unless a chip says otherwise. */
export function requestOf(text: string, chips: readonly Chip[], { serverId, channelId }: SearchPlace): SearchRequest {
  const request: SearchRequest = { q: text };
  if (chips.every(({ kind }) => kind !== "server")) {
    if (serverId === null) request.channel_id = channelId;
    else request.server_id = serverId;
  }
  const has: AttachedKind[] = [];
  for (const chip of chips) {
    if (chip.kind === "has") has.push(chip.value);
    else apply(request, chip);
  }
  if (request.channel_id !== undefined) delete request.server_id;
  return has.length > 0 ? { ...request, has } : request;
}

function apply(request: SearchRequest, chip: Exclude<Chip, { kind: "has" }>): void {
  switch (chip.kind) {
    case "from":
      request.author_id = chip.userId;
      break;
    case "mentions":
      request.mentions = chip.userId;
      break;
    case "in":
      request.channel_id = chip.channelId;
      break;
    case "server":
      if (chip.serverId !== null) request.server_id = chip.serverId;
      break;
    case "pinned":
      request.pinned = "true";
      break;
    default:
      if (chip.kind !== "after") request.before = startOf(chip.day, chip.kind === "before" ? 0 : 1);
      if (chip.kind !== "before") request.after = startOf(chip.day, chip.kind === "after" ? 1 : 0);
  }
}

/** When the day, or the one so many days later, starts here, in ISO 8601. */
function startOf(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}

/** A local day as YYYY-MM-DD. */
export function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The day of a text such as 2026-11-29 or 29.11.2026; null when it is none. */
export function parseDay(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const local = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const [year, month, date] = iso ? iso.slice(1).map(Number) : local ? local.slice(1).toReversed().map(Number) : [];
  if (year === undefined || month === undefined || date === undefined) return null;
  const day = new Date(year, month - 1, date);
  return day.getMonth() === month - 1 && day.getDate() === date ? dayOf(day) : null;
}
