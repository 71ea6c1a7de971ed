import { ChevronRight, Hash, MessageSquare, Volume2 } from "lucide-react";
import { useClientState } from "../core/client.ts";
import { ServerTile } from "../features/servers/server-tile.tsx";
import { Avatar } from "../ui/avatar.tsx";
import type { Destination } from "./destinations.ts";

/** The picture beside a destination. */
export function DestinationMark({ destination }: { destination: Destination }) {
  switch (destination.kind) {
    case "channel":
      return <Hash size={24} aria-hidden className="shrink-0 p-0.75 text-muted" />;
    case "voice":
      return <Volume2 size={24} aria-hidden className="shrink-0 p-0.75 text-muted" />;
    case "dm":
      return <MessageSquare size={24} aria-hidden className="shrink-0 p-0.75 text-muted" />;
    case "person":
      return <Avatar user={destination.user} size={24} ground="overlay" />;
    case "server":
      return <ServerMark id={destination.serverId} name={destination.name} />;
    case "command":
      return <ChevronRight size={24} aria-hidden className="shrink-0 p-0.75 text-muted" />;
  }
}

function ServerMark({ id, name }: { id: number; name: string }) {
  const iconUrl = useClientState((state) => state.servers[id]?.icon_url ?? null);
  return (
    <span className="flex w-6 shrink-0 justify-center">
      <ServerTile id={id} name={name} iconUrl={iconUrl} size={20} />
    </span>
  );
}
