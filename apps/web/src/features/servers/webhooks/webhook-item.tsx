import { webhookCalls } from "@miscord/client";
import type { Webhook, WebhookPatch, WebhookWithToken } from "@miscord/protocol";
import { Ellipsis, KeyRound, Pencil, Trash2, UserCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { nameOf } from "../../../core/name-of.ts";
import { useAction } from "../../../core/use-action.ts";
import { useFormat } from "../../../i18n/format.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { PictureField } from "../../pictures/picture-field.tsx";
import type { ManagedChannel } from "./use-managed-channels.ts";
import { WebhookDialog } from "./webhook-dialog.tsx";

interface WebhookItemProps {
  webhook: Webhook;
  channels: readonly ManagedChannel[];
  onChanged: () => void;
  onRenewed: (webhook: WebhookWithToken) => void;
}

type Asked = "change" | "renew" | "takeOver" | "remove" | null;

export function WebhookItem({ webhook, channels, onChanged, onRenewed }: WebhookItemProps) {
  const { t } = useTranslation("webhooks");
  const calls = webhookCalls(useClient().rest);
  const meId = useClientState((state) => state.session.me?.id);
  const [asked, setAsked] = useState<Asked>(null);
  const { id, name, creator, works } = webhook;
  const change = async (body: WebhookPatch) => {
    await calls.change(id, body);
    onChanged();
  };
  return (
    <>
      <Description webhook={webhook} channels={channels} />
      <Menu
        align="end"
        trigger={<IconButton label={t("actions", { name })} icon={<Ellipsis size={17} />} />}
        entries={[
          { label: t("change"), icon: <Pencil size={16} />, onSelect: () => setAsked("change") },
          { label: t("renew"), icon: <KeyRound size={16} />, onSelect: () => setAsked("renew") },
          (!works || creator.id !== meId) && {
            label: t("takeOver"),
            icon: <UserCheck size={16} />,
            onSelect: () => setAsked("takeOver"),
          },
          "separator",
          { label: t("remove"), icon: <Trash2 size={16} />, danger: true, onSelect: () => setAsked("remove") },
        ]}
      />
      <Questions {...{ webhook, channels, asked, change, onChanged, onRenewed }} onClose={() => setAsked(null)} />
    </>
  );
}

interface QuestionsProps extends WebhookItemProps {
  asked: Asked;
  change: (body: WebhookPatch) => Promise<void>;
  onClose: () => void;
}

/** What is asked before the webhook is changed. */
function Questions({ webhook, channels, asked, change, onChanged, onRenewed, onClose }: QuestionsProps) {
  const { t } = useTranslation(["webhooks", "common"]);
  const calls = webhookCalls(useClient().rest);
  const { run } = useAction();
  const { id, name, channel_id: channelId } = webhook;
  const confirmed = {
    renew: async () => onRenewed(await calls.renewToken(id)),
    takeOver: () => change({ take_over: true }),
    remove: async () => {
      await calls.remove(id);
      onChanged();
    },
  };
  return (
    <>
      {asked === "change" && (
        <WebhookDialog
          title={t("changeTitle")}
          submitLabel={t("common:save")}
          channels={channels}
          initial={{ name, channelId }}
          picture={
            <PictureField owner={{ kind: "webhook", id }} url={webhook.avatar_url ?? null} onChanged={onChanged}>
              <Avatar user={faceOf(webhook)} size={72} ground="overlay" />
            </PictureField>
          }
          onClose={onClose}
          onSubmit={(to) =>
            change({
              ...(to.name !== name && { name: to.name }),
              ...(to.channelId !== channelId && { channel_id: to.channelId }),
            })
          }
        />
      )}
      {asked !== null && asked !== "change" && (
        <ConfirmDialog
          open
          danger={asked === "remove"}
          onOpenChange={onClose}
          title={t(`ask.${asked}.title`, { name })}
          description={t(`ask.${asked}.hint`)}
          confirmLabel={t(asked)}
          onConfirm={() => run(confirmed[asked])}
        />
      )}
    </>
  );
}

function Description({ webhook, channels }: Pick<WebhookItemProps, "webhook" | "channels">) {
  const { t } = useTranslation("webhooks");
  const format = useFormat();
  const { name, channel_id, creator, works, last_used_at: usedAt } = webhook;
  const channel = channels.find(({ id }) => id === channel_id)?.name;
  const details = [
    ...(channel === undefined ? [] : [`#${channel}`]),
    t("by", { name: nameOf(creator) }),
    usedAt === null ? t("neverUsed") : t("used", { when: format.date(usedAt) }),
  ];
  return (
    <>
      <Avatar user={faceOf(webhook)} ground="overlay" />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate text-sm font-medium">
          {name}
        </p>
        <p className="text-sm wrap-anywhere text-faint">{details.join(" · ")}</p>
        {!works && <p className="text-sm text-danger-ink">{t("paused", { name: nameOf(creator) })}</p>}
      </div>
    </>
  );
}

/** As messages show it. */
function faceOf({ name, avatar_url }: Webhook) {
  return { display_name: name, avatar_url: avatar_url ?? null, avatar_color: "#5865f2" };
}
