import { limits, type User } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import type { Removal } from "../../core/dialog-store.ts";
import { useAction } from "../../core/use-action.ts";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { type Duration, durationMs } from "./durations.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

const banDurations = ["forever", "hour", "day", "week", "month"] as const;
const deletedSeconds = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;
const deletions = ["none", "hour", "day", "week"] as const;

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
  const [lasts, setLasts] = useState<Duration | "forever">("forever");
  const [deletes, setDeletes] = useState<keyof typeof deletedSeconds>("none");
  const remove = () =>
    removal === "ban"
      ? client.rest.banMember(serverId, member.id, {
          reason,
          expires_at: lasts === "forever" ? null : new Date(Date.now() + durationMs[lasts]).toISOString(),
          delete_message_seconds: deletedSeconds[deletes],
        })
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
      {removal === "ban" && (
        <div className="mt-4 grid grid-cols-2 gap-3">
          <Field label={t("moderation:ban.lasts")}>
            <Select
              value={lasts}
              onChange={setLasts}
              options={banDurations.map((value) => ({ value, label: t(`moderation:duration.${value}`) }))}
            />
          </Field>
          <Field label={t("moderation:ban.deletes")}>
            <Select
              value={deletes}
              onChange={setDeletes}
              options={deletions.map((value) => ({ value, label: t(`moderation:ban.deletion.${value}`) }))}
            />
          </Field>
        </div>
      )}
    </ConfirmDialog>
  );
}
