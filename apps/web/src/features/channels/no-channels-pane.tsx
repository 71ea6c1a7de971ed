import { Hash } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { MainPane } from "../../layout/main-pane.tsx";
import { usePageTitle } from "../../core/page-title.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useCan } from "../../core/use-can.ts";

export function NoChannelsPane({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  const canManage = useCan(serverId, "manageChannels");
  usePageTitle(name);
  return (
    <MainPane title={<h1 className="truncate font-semibold">{name}</h1>}>
      <EmptyState
        icon={<Hash size={26} aria-hidden />}
        title={t("channels.none")}
        description={canManage ? t("channels.noneOwner") : t("channels.noneMember")}
        actions={
          canManage && (
            <Button variant="primary" onClick={() => openDialog({ kind: "create-channel", serverId })}>
              {t("channels.create")}
            </Button>
          )
        }
      />
    </MainPane>
  );
}
