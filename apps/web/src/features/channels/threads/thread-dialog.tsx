import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../../../core/client.ts";
import type { AppDialog } from "../../../core/dialog-store.ts";
import { paths } from "../../../core/paths.ts";
import { untilState } from "../../../core/until-state.ts";
import { useAction } from "../../../core/use-action.ts";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { EditPostDialog } from "../forum/edit-post-dialog.tsx";
import { NameDialog } from "../name-dialog.tsx";

type Shown = Extract<AppDialog, { kind: `${string}-thread` }>;

/** Creates, renames or deletes a thread. */
export function ThreadDialog({ dialog, onClose }: { dialog: Shown; onClose: () => void }) {
  switch (dialog.kind) {
    case "create-thread":
      return <CreateThreadDialog {...dialog} onClose={onClose} />;
    case "rename-thread":
      return <ChangeDialog channelId={dialog.channelId} onClose={onClose} />;
    default:
      return <DeleteThreadDialog channelId={dialog.channelId} onClose={onClose} />;
  }
}

function ChangeDialog(props: { channelId: number; onClose: () => void }) {
  const isPost = useClientState((state) => state.threads[props.channelId]?.tags !== undefined);
  return isPost ? <EditPostDialog {...props} /> : <RenameThreadDialog {...props} />;
}

interface CreateThreadDialogProps {
  channelId: number;
  /** The message that it is started from; absent: none. */
  messageId?: number;
  /** What it is called at first. */
  name?: string;
  onClose: () => void;
}

function CreateThreadDialog({ channelId, messageId, name = "", onClose }: CreateThreadDialogProps) {
  const { t } = useTranslation("threads");
  const client = useClient();
  const [, navigate] = useLocation();
  return (
    <NameDialog
      icon={MessagesSquare}
      title={t("create.title")}
      fieldLabel={t("name")}
      submitLabel={t("create.submit")}
      initialName={name}
      onClose={onClose}
      onSubmit={async (chosen) => {
        const thread = await client.rest.createThread(channelId, { name: chosen, message_id: messageId ?? null });
        await untilState(client, (state) => thread.id in state.channels);
        navigate(paths.channelOf(thread));
      }}
    />
  );
}

function RenameThreadDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation(["threads", "common"]);
  const client = useClient();
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  return (
    <NameDialog
      icon={MessagesSquare}
      title={t("rename.title")}
      fieldLabel={t("name")}
      submitLabel={t("common:save")}
      initialName={name}
      onClose={onClose}
      onSubmit={(next) => client.rest.updateThread(channelId, { name: next })}
    />
  );
}

function DeleteThreadDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation("threads");
  const client = useClient();
  const { run } = useAction();
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={t("delete.title", { thread: name })}
      description={t("delete.description")}
      confirmLabel={t("delete.submit")}
      onConfirm={() => run(() => client.rest.deleteChannel(channelId))}
    />
  );
}
