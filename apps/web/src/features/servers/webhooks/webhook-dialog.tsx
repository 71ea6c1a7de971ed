import { limits } from "@miscord/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "../../../core/use-action.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { Select } from "../../../ui/select.tsx";
import type { ManagedChannel } from "./use-managed-channels.ts";

interface Fields {
  name: string;
  channelId: number;
}

interface WebhookDialogProps {
  title: string;
  submitLabel: string;
  /** With one there is nothing to choose. */
  channels: readonly ManagedChannel[];
  initial: Fields;
  /** Its picture, of one that is there. */
  picture?: ReactNode;
  onClose: () => void;
  onSubmit: (fields: Fields) => Promise<unknown>;
}

export function WebhookDialog({
  title,
  submitLabel,
  channels,
  initial,
  picture,
  onClose,
  onSubmit,
}: WebhookDialogProps) {
  const { t } = useTranslation(["webhooks", "common"]);
  const { busy, run } = useAction();
  const [name, setName] = useState(initial.name);
  const [channelId, setChannelId] = useState(initial.channelId);
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await run(() => onSubmit({ name: name.trim(), channelId }))) onClose();
  }
  return (
    <Dialog
      open
      title={title}
      onOpenChange={onClose}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" type="submit" form="webhook" busy={busy} disabled={name.trim() === ""}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form id="webhook" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {picture}
        <Field label={t("name")} hint={t("nameHint")}>
          <Input
            autoFocus
            required
            autoComplete="off"
            maxLength={limits.webhookNameLength}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {channels.length > 1 && (
          <Field label={t("channel")}>
            <Select
              value={String(channelId)}
              onChange={(value) => setChannelId(Number(value))}
              options={channels.map((channel) => ({ value: String(channel.id), label: `#${channel.name}` }))}
            />
          </Field>
        )}
      </form>
    </Dialog>
  );
}
