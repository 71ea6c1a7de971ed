import { limits, type User } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState, useMe } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";

interface NicknameDialogProps {
  serverId: number;
  member: Pick<User, "id" | "display_name">;
  onClose: () => void;
}

/** The name of a member in one server, the user's own or that of somebody else. */
export function NicknameDialog({ serverId, member, onClose }: NicknameDialogProps) {
  const { t } = useTranslation(["servers", "common"]);
  const client = useClient();
  const me = useMe();
  const { busy, run } = useAction();
  const known = useClientState((state) => state.members[serverId]?.[member.id]);
  const [name, setName] = useState(known?.nickname ?? "");
  const isOwn = member.id === me.id;
  const save = async (nickname: string) => {
    if (await run(() => client.rest.setNickname(serverId, member.id, { nickname: nickname.trim() || null }))) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={isOwn ? t("nickname.own") : t("nickname.of", { name: member.display_name })}
      description={t("nickname.description")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save(name);
        }}
      >
        <Field label={t("nickname.label")}>
          <Input
            value={name}
            maxLength={limits.displayNameLength}
            placeholder={known?.account_name ?? member.display_name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          {known?.nickname && (
            <Button busy={busy} onClick={() => void save("")}>
              {t("nickname.remove")}
            </Button>
          )}
          <Button type="submit" variant="primary" busy={busy}>
            {t("common:save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
