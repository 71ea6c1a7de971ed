import { serverChannel } from "@miscord/client";
import { Folder, Hash, Hourglass, MessagesSquare, Podcast, Volume2, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelType } from "@miscord/protocol";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { openDialog, type AppDialog } from "../../core/dialog-store.ts";
import { paths } from "../../core/paths.ts";
import { untilState } from "../../core/until-state.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { ChannelRetentionDialog } from "../retention/channel-retention-dialog.tsx";
import { useChannelSettings } from "./channel-settings.tsx";
import { useEncryptionSetting } from "./encryption-setting.tsx";
import { useRegionSetting } from "./region-setting.tsx";
import { useForumSettings } from "./forum/forum-settings.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { ChannelPermissionsDialog } from "./permissions/channel-permissions-dialog.tsx";
import { usePrivacy } from "./permissions/privacy-fields.tsx";

type ChannelDialog = Extract<AppDialog, { kind: `${string}-channel` }>;

export default function ChannelDialogs({ dialog, onClose }: { dialog: ChannelDialog; onClose: () => void }) {
  switch (dialog.kind) {
    case "create-channel":
      return <CreateChannelDialog {...dialog} onClose={onClose} />;
    case "permissions-channel":
      return <ChannelPermissionsDialog channelId={dialog.channelId} onClose={onClose} />;
    case "retention-channel":
      return <ChannelRetentionDialog channelId={dialog.channelId} onClose={onClose} />;
    case "rename-channel":
      return <RenameChannelDialog channelId={dialog.channelId} onClose={onClose} />;
    default:
      return <DeleteChannelDialog channelId={dialog.channelId} onClose={onClose} />;
  }
}

interface CreateChannelDialogProps {
  serverId: number;
  type?: ChannelType;
  /** The category to create it in. */
  categoryId?: number;
  onClose: () => void;
}

function CreateChannelDialog({ serverId, type: initial = "text", categoryId, onClose }: CreateChannelDialogProps) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const [, navigate] = useLocation();
  const [type, setType] = useState(initial);
  const privacy = usePrivacy(serverId);
  const inCategory = categoryId === undefined ? null : { category_id: categoryId };
  const texts = useCreateTexts(type);
  return (
    <NameDialog
      below={
        inCategory ? (
          <InCategory categoryId={categoryId!} type={type} onType={setType} />
        ) : (
          <>
            {initial === "voice" && <StageChoice type={type} onType={setType} />}
            {initial === "text" && <ForumChoice type={type} onType={setType} />}
            {privacy.fields}
          </>
        )
      }
      icon={icons[type]}
      {...texts}
      fieldLabel={type === "category" ? t("categoryName") : t("channelName")}
      initialName=""
      onClose={onClose}
      onSubmit={async (name) => {
        // In a category the channel takes the permissions of the category.
        const channel = await client.rest.createChannel(serverId, {
          name,
          type,
          ...(inCategory ?? { overrides: privacy.overrides }),
        });
        await untilState(client, (state) => channel.id in state.channels);
        if (type !== "category") navigate(paths.channel(serverId, channel.id));
      }}
    />
  );
}

const icons: Readonly<Record<ChannelType, LucideIcon>> = {
  text: Hash,
  voice: Volume2,
  category: Folder,
  stage: Podcast,
  forum: MessagesSquare,
};

function useCreateTexts(type: ChannelType): { title: string; submitLabel: string } {
  const { t } = useTranslation("servers");
  if (type === "category")
    return { title: t("createChannel.categoryTitle"), submitLabel: t("createChannel.submitCategory") };
  const isWritten = type === "text" || type === "forum";
  const title = t(isWritten ? "createChannel.title" : "createChannel.voiceTitle");
  return { title, submitLabel: t("createChannel.submit") };
}

function ForumChoice({ type, onType }: { type: ChannelType; onType: (type: ChannelType) => void }) {
  const { t } = useTranslation("forums");
  return (
    <div className="mt-4">
      <Checkbox
        label={t("choice")}
        checked={type === "forum"}
        onChange={(isForum) => onType(isForum ? "forum" : "text")}
      />
    </div>
  );
}

function StageChoice({ type, onType }: { type: ChannelType; onType: (type: ChannelType) => void }) {
  const { t } = useTranslation("servers");
  return (
    <div className="mt-4">
      <Checkbox
        label={t("createChannel.stageHint")}
        checked={type === "stage"}
        onChange={(isStage) => onType(isStage ? "stage" : "voice")}
      />
    </div>
  );
}

interface InCategoryProps {
  categoryId: number;
  type: ChannelType;
  onType: (type: ChannelType) => void;
}

function InCategory({ categoryId, type, onType }: InCategoryProps) {
  const { t } = useTranslation(["servers", "forums"]);
  const category = useClientState((state) => state.channels[categoryId]?.name ?? "");
  return (
    <Field label={t("createChannel.type")} hint={t("createChannel.inherits", { category })} className="mt-4">
      <Select
        value={type}
        onChange={onType}
        options={[
          { value: "text", label: t("createChannel.text") },
          { value: "forum", label: t("forums:type") },
          { value: "voice", label: t("createChannel.voice") },
          { value: "stage", label: t("createChannel.stage") },
        ]}
      />
    </Field>
  );
}

function RenameChannelDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation(["servers", "common"]);
  const client = useClient();
  const channelName = useClientState((state) => state.channels[channelId]?.name ?? "");
  const [name] = useState(channelName);
  const type = useClientState((state) => serverChannel(state, channelId)?.type ?? "text");
  const { settings, fields } = useChannelSettings(channelId);
  const ofForum = useForumSettings(channelId);
  const ofCalls = useEncryptionSetting(channelId);
  const isCalled = type === "voice" || type === "stage";
  const ofRegion = useRegionSetting(channelId, isCalled);
  const [isForum, isWritten] = [type === "forum", type === "text" || type === "forum"];
  return (
    <NameDialog
      below={
        <>
          {isWritten && fields}
          {isForum && ofForum.fields}
          {isCalled && ofCalls.fields}
          {isCalled && ofRegion.fields}
          {(isWritten || isForum) && <RetentionLink channelId={channelId} />}
        </>
      }
      icon={icons[type]}
      title={type === "category" ? t("renameChannel.categoryTitle") : t("renameChannel.title")}
      fieldLabel={type === "category" ? t("categoryName") : t("channelName")}
      submitLabel={t("common:save")}
      initialName={name}
      onClose={onClose}
      onSubmit={(next) =>
        client.rest.updateChannel(channelId, {
          ...(next !== name && { name: next }),
          ...(isWritten && settings),
          ...(isForum && ofForum.settings),
          ...(isCalled && { ...ofCalls.settings, ...ofRegion.settings }),
        })
      }
    />
  );
}

function RetentionLink({ channelId }: { channelId: number }) {
  const { t } = useTranslation("retention");
  return (
    <Button
      variant="link"
      icon={<Hourglass size={16} aria-hidden />}
      className="mt-3"
      onClick={() => openDialog({ kind: "retention-channel", channelId })}
    >
      {t("open")}
    </Button>
  );
}

function DeleteChannelDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const { run } = useAction();
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  const type = useClientState((state) => serverChannel(state, channelId)?.type ?? "text");
  const keys = {
    text: ["deleteChannel.title", "deleteChannel.description", "deleteChannel.submit"],
    forum: ["deleteChannel.title", "deleteChannel.description", "deleteChannel.submit"],
    voice: ["deleteChannel.voiceTitle", "deleteChannel.voiceDescription", "deleteChannel.submit"],
    stage: ["deleteChannel.voiceTitle", "deleteChannel.voiceDescription", "deleteChannel.submit"],
    category: ["deleteChannel.categoryTitle", "deleteChannel.categoryDescription", "deleteChannel.submitCategory"],
  } as const;
  const [title, description, submit] = keys[type];
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={t(title, { channel: name })}
      description={t(description)}
      confirmLabel={t(submit)}
      onConfirm={() => run(() => client.rest.deleteChannel(channelId))}
    />
  );
}
