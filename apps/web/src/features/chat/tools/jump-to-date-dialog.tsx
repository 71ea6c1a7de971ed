import { messageToolCalls } from "@miscord/client";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { fromLocal, toLocal } from "../../composer/local-time.ts";
import { jumpWithin } from "../jump.ts";

interface JumpToDateDialogProps {
  channelId: number;
  /** Shown first: a time in ISO 8601. */
  from?: string;
  onClose: () => void;
}

/** Asks for a day, and shows the channel's first message of it or after it. */
export function JumpToDateDialog({ channelId, from, onClose }: JumpToDateDialogProps) {
  const { t } = useTranslation(["tools", "common"]);
  const client = useClient();
  const { busy, run } = useAction();
  const [today] = useState(() => dayOf(new Date()));
  const [day, setDay] = useState(() => dayOf(from === undefined ? new Date() : new Date(from)));
  async function go(): Promise<void> {
    const time = fromLocal(`${day}T00:00`);
    if (!time) return;
    const { message_id: id } = await messageToolCalls(client.rest).messageAt(channelId, time);
    if (id !== null && (await client.jumpTo(channelId, id))) jumpWithin(channelId, id);
    onClose();
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    void run(go);
  }
  return (
    <Dialog open onOpenChange={onClose} title={t("date.title")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("date.day")}>
          <Input type="date" required value={day} max={today} onChange={(event) => setDay(event.target.value)} />
        </Field>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" type="submit" busy={busy} disabled={day === ""}>
            {t("date.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function dayOf(time: Date): string {
  return toLocal(time).slice(0, 10);
}
