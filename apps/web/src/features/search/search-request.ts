import type { SearchRequest } from "@miscord/client";
import type { AttachedKind } from "@miscord/protocol";
import type { Chip, SearchPlace } from "./chip.ts";

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
