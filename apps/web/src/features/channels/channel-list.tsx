import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { ChannelGroup } from "./channel-group.tsx";

export function ChannelList({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const serverName = useClientState((state) => state.servers[serverId]?.name ?? "");
  return (
    <nav aria-label={t("channels.of", { server: serverName })} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
      <ChannelGroup serverId={serverId} type="text" />
      <ChannelGroup serverId={serverId} type="voice" />
    </nav>
  );
}
