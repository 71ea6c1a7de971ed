import { limits } from "@miscord/protocol";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState, useMe } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { useAction } from "../../core/use-action.ts";
import { SaveForm } from "../../layout/save-form.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Input } from "../../ui/input.tsx";
import { PictureField } from "../pictures/picture-field.tsx";
import { AddPeople } from "./add-people.tsx";
import { CallEncryptionSwitch } from "./call-encryption-switch.tsx";
import { DmAvatar } from "./dm-avatar.tsx";

/** A group's name and people: rename, add, remove, leave. */
export function GroupDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation("people");
  const client = useClient();
  const [, navigate] = useLocation();
  const me = useMe();
  const { busy, run } = useAction();
  const dm = useClientState((state) => state.dms[channelId]);
  if (!dm) return null;
  async function leave(): Promise<void> {
    if (!(await run(() => client.rest.removeFromGroup(channelId, me.id)))) return;
    onClose();
    navigate(paths.dms);
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("groupDialog.title")}
      footer={
        <Button variant="danger" busy={busy} onClick={() => void leave()}>
          {t("groupDialog.leave")}
        </Button>
      }
    >
      <div className="mb-5">
        <PictureField owner={{ kind: "group", id: channelId }} url={dm.icon_url}>
          <DmAvatar channelId={channelId} />
        </PictureField>
      </div>
      <NameForm key={dm.name} channelId={channelId} name={dm.name ?? ""} />
      {!dm.isRequest && <CallEncryptionSwitch channelId={channelId} />}
      <Recipients channelId={channelId} />
      {dm.recipients.length < limits.groupPeople && <AddPeople channelId={channelId} onLeave={onClose} />}
    </Dialog>
  );
}

function Recipients({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const client = useClient();
  const me = useMe();
  const { run } = useAction();
  const { recipients = [], owner_id: ownerId } = useClientState((state) => state.dms[channelId]) ?? {};
  return (
    <>
      <h3 className="mb-1 mt-6 text-sm font-medium text-muted">
        {t("groupDialog.people", { count: recipients.length, most: limits.groupPeople })}
      </h3>
      <ul className="mb-4">
        {recipients.map((user) => (
          <li key={user.id} className="flex min-h-11 items-center gap-2.5">
            <Avatar user={user} ground="overlay" />
            <span dir="auto" className="min-w-0 flex-1 truncate">
              {user.display_name}
              {user.id === ownerId && <span className="text-muted"> · {t("groupDialog.owner")}</span>}
            </span>
            {ownerId === me.id && user.id !== me.id && (
              <IconButton
                danger
                label={t("groupDialog.remove", { name: user.display_name })}
                icon={<X size={17} />}
                onClick={() => void run(() => client.rest.removeFromGroup(channelId, user.id))}
              />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function NameForm({ channelId, name }: { channelId: number; name: string }) {
  const { t } = useTranslation("people");
  const client = useClient();
  const [next, setNext] = useState(name);
  const trimmed = next.trim();
  return (
    <SaveForm
      canSave={trimmed !== name}
      onSave={() => client.rest.renameGroup(channelId, trimmed === "" ? null : trimmed)}
    >
      <Field label={t("groupDialog.name")} hint={t("groupDialog.nameHint")} className="mb-3">
        <Input value={next} maxLength={limits.channelNameLength} onChange={(event) => setNext(event.target.value)} />
      </Field>
    </SaveForm>
  );
}
