import { Hash, Volume2, type LucideIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { limits, type ChannelType } from "@miscord/protocol";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import type { AppDialog } from "../../core/dialog-store.ts";
import { paths } from "../../core/paths.ts";
import { untilState } from "../../core/until-state.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { useChannelSettings } from "./channel-settings.tsx";
import { ChannelPermissionsDialog } from "./permissions/channel-permissions-dialog.tsx";
import { usePrivacy } from "./permissions/privacy-fields.tsx";

type ChannelDialog = Extract<AppDialog, { kind: `${string}-channel` }>;

export default function ChannelDialogs({ dialog, onClose }: { dialog: ChannelDialog; onClose: () => void }) {
  switch (dialog.kind) {
    case "create-channel":
      return <CreateChannelDialog serverId={dialog.serverId} type={dialog.type ?? "text"} onClose={onClose} />;
    case "permissions-channel":
      return <ChannelPermissionsDialog channelId={dialog.channelId} onClose={onClose} />;
    case "rename-channel":
      return <RenameChannelDialog channelId={dialog.channelId} onClose={onClose} />;
    default:
      return <DeleteChannelDialog channelId={dialog.channelId} onClose={onClose} />;
  }
}

interface CreateChannelDialogProps {
  serverId: number;
  type: ChannelType;
  onClose: () => void;
}

function CreateChannelDialog({ serverId, type, onClose }: CreateChannelDialogProps) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const [, navigate] = useLocation();
  const { overrides, fields } = usePrivacy(serverId);
  return (
    <ChannelNameDialog
      below={fields}
      icon={type === "text" ? Hash : Volume2}
      title={type === "text" ? t("createChannel.title") : t("createChannel.voiceTitle")}
      submitLabel={t("createChannel.submit")}
      initialName=""
      onClose={onClose}
      onSubmit={async (name) => {
        const channel = await client.rest.createChannel(serverId, { name, type, overrides });
        await untilState(client, (state) => channel.id in state.channels);
        navigate(paths.channel(serverId, channel.id));
      }}
    />
  );
}

function RenameChannelDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation(["servers", "common"]);
  const client = useClient();
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  const type = useClientState((state) => state.channels[channelId]?.type);
  const { settings, fields } = useChannelSettings(channelId);
  return (
    <ChannelNameDialog
      below={type === "text" && fields}
      icon={type === "voice" ? Volume2 : Hash}
      title={t("renameChannel.title")}
      submitLabel={t("common:save")}
      initialName={name}
      onClose={onClose}
      onSubmit={(next) =>
        client.rest.updateChannel(channelId, type === "text" ? { name: next, ...settings } : { name: next })
      }
    />
  );
}

interface ChannelNameDialogProps {
  icon: LucideIcon;
  title: string;
  submitLabel: string;
  initialName: string;
  /** More fields, below the name. */
  below?: ReactNode;
  onClose: () => void;
  onSubmit: (name: string) => Promise<unknown>;
}

function ChannelNameDialog(props: ChannelNameDialogProps) {
  const { icon: Icon, title, submitLabel, initialName, below, onClose, onSubmit } = props;
  const { t } = useTranslation(["servers", "common"]);
  const { busy, run } = useAction();
  const [name, setName] = useState(initialName);
  async function submit() {
    if (await run(() => onSubmit(name.trim()))) onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" type="submit" form="channel-name" busy={busy} disabled={name.trim() === ""}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        id="channel-name"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label={t("channelName")}>
          <div className="relative">
            <Icon size={17} aria-hidden className="pointer-events-none absolute left-3 top-3 text-faint" />
            <Input
              autoFocus
              required
              autoComplete="off"
              maxLength={limits.channelNameLength}
              value={name}
              onChange={(event) => setName(event.target.value)}
              className="pl-9"
            />
          </div>
        </Field>
        {below}
      </form>
    </Dialog>
  );
}

function DeleteChannelDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const { run } = useAction();
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  const isVoice = useClientState((state) => state.channels[channelId]?.type === "voice");
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={t(isVoice ? "deleteChannel.voiceTitle" : "deleteChannel.title", { channel: name })}
      description={t(isVoice ? "deleteChannel.voiceDescription" : "deleteChannel.description")}
      confirmLabel={t("deleteChannel.submit")}
      onConfirm={() => run(() => client.rest.deleteChannel(channelId))}
    />
  );
}
