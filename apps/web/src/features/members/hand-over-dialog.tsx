import { dataCalls } from "@miscord/client";
import type { User } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { PasswordInput } from "../../ui/password-input.tsx";

interface HandOverDialogProps {
  serverId: number;
  member: Pick<User, "id" | "display_name">;
  onClose: () => void;
}

/** Makes the member the owner of the user's server. */
export function HandOverDialog({ serverId, member, onClose }: HandOverDialogProps) {
  const { t } = useTranslation(["servers", "settings"]);
  const client = useClient();
  const { run } = useAction();
  const [password, setPassword] = useState("");
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={t("handOver.title", { name: member.display_name })}
      description={t("handOver.description")}
      confirmLabel={t("handOver.submit")}
      onConfirm={() => run(() => dataCalls(client.rest).handOver(serverId, { user_id: member.id, password }))}
    >
      <Field label={t("settings:password.current")}>
        <PasswordInput
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
    </ConfirmDialog>
  );
}
