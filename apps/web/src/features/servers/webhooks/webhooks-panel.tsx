import { webhookCalls } from "@miscord/client";
import type { Webhook, WebhookWithToken } from "@miscord/protocol";
import { Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { ListPanel } from "../../../layout/list-panel.tsx";
import { Button } from "../../../ui/button.tsx";
import { ShownAddress } from "./shown-address.tsx";
import { useManagedChannels } from "./use-managed-channels.ts";
import { WebhookDialog } from "./webhook-dialog.tsx";
import { WebhookItem } from "./webhook-item.tsx";

interface WebhooksPanelProps {
  serverId: number;
  /** Only those of this channel. */
  channelId?: number;
}

/** The webhooks of a server, or of one of its channels: made, changed and removed. */
export function WebhooksPanel({ serverId, channelId }: WebhooksPanelProps) {
  const { t } = useTranslation("webhooks");
  const client = useClient();
  const load = useCallback(async () => {
    const all = await webhookCalls(client.rest).list(serverId);
    return channelId === undefined ? all : all.filter((one) => one.channel_id === channelId);
  }, [client, serverId, channelId]);
  const { loaded, reload } = useLoaded<readonly Webhook[]>(load);
  const channels = useManagedChannels(serverId);
  const [isMaking, setMaking] = useState(false);
  const [shown, setShown] = useState<WebhookWithToken | null>(null);
  const made = (webhook: WebhookWithToken) => {
    setShown(webhook);
    reload();
  };
  return (
    <>
      <ListPanel
        title={t("title")}
        loaded={loaded}
        empty={t("none")}
        onRetry={reload}
        keyOf={(webhook) => webhook.id}
        toolbar={
          <>
            <p className="mb-3 text-sm text-muted">{t("hint")}</p>
            {shown && <ShownAddress webhook={shown} onDone={() => setShown(null)} />}
            {channels.length > 0 && (
              <Button size="sm" className="mb-2" onClick={() => setMaking(true)}>
                <Plus size={16} aria-hidden />
                {t("make")}
              </Button>
            )}
          </>
        }
        renderItem={(webhook) => (
          <WebhookItem webhook={webhook} channels={channels} onChanged={reload} onRenewed={made} />
        )}
      />
      {isMaking && (
        <WebhookDialog
          title={t("makeTitle")}
          submitLabel={t("make")}
          channels={channelId === undefined ? channels : channels.filter(({ id }) => id === channelId)}
          initial={{ name: "", channelId: channelId ?? channels[0]!.id }}
          onClose={() => setMaking(false)}
          onSubmit={async (to) => made(await webhookCalls(client.rest).create(to.channelId, to.name))}
        />
      )}
    </>
  );
}
