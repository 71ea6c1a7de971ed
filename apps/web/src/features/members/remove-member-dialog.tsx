import { limits, type User } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import type { Removal } from "../../core/dialog-store.ts";
import { useAction } from "../../core/use-action.ts";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

export interface RemoveMemberDialogProps {
  serverId: number;
  member: Pick<User, "id" | "display_name">;
  removal: Removal;
  onClose: () => void;
}

export function RemoveMemberDialog({ serverId, member, removal, onClose }: RemoveMemberDialogProps) {
  const { t } = useTranslation(["servers", "moderation"]);
  const client = useClient();
  const { run } = useAction();
  const [reason, setReason] = useState("");
  const remove = () =>
    removal === "ban"
      ? client.rest.banMember(serverId, member.id, { reason })
      : client.rest.kickMember(serverId, member.id, { reason });
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={t(`removal.${removal}.title`, { name: member.display_name })}
      description={t(`removal.${removal}.description`)}
      confirmLabel={t(`removal.${removal}.submit`)}
      onConfirm={() => run(remove)}
    >
      <Field label={t("moderation:reason.label")} hint={t("moderation:reason.hint")}>
        <Input value={reason} maxLength={limits.reasonLength} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
