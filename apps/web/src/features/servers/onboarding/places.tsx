import { Hash, Volume2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../../core/client.ts";
import { paths } from "../../../core/paths.ts";
import { Button } from "../../../ui/button.tsx";

interface PlacesProps {
  serverId: number;
  channelIds: readonly number[];
  onClose: () => void;
}

/** Channels to begin with, each a link. */
export function Places({ serverId, channelIds, onClose }: PlacesProps) {
  const { t } = useTranslation("onboarding");
  const channels = useClientState(useShallow((state) => channelIds.flatMap((id) => state.channels[id] ?? [])));
  return (
    <>
      <ul className="flex flex-col gap-1.5">
        {channels.map(({ id, name, type, topic }) => {
          const Icon = type === "text" ? Hash : Volume2;
          return (
            <li key={id}>
              <Link
                href={paths.channel(serverId, id)}
                onClick={onClose}
                className="flex items-center gap-3 rounded-md border border-line bg-field px-3 py-2.5 transition-colors hover:bg-hover"
              >
                <Icon size={18} aria-hidden className="shrink-0 text-faint" />
                <span className="min-w-0">
                  <span className="block truncate font-medium">{name}</span>
                  {topic !== "" && <span className="block truncate text-sm text-muted">{topic}</span>}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      <Button variant="primary" className="mt-5 w-full" onClick={onClose}>
        {t("places.done")}
      </Button>
    </>
  );
}
