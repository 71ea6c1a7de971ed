import { isTimedOut } from "@miscord/client";
import { limits, type User } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { type Duration, durationMs } from "./durations.ts";

const durations = ["minute", "tenMinutes", "hour", "day", "week", "month"] as const satisfies readonly Duration[];

interface TimeOutDialogProps {
  serverId: number;
  member: Pick<User, "id" | "display_name">;
  onClose: () => void;
}

/** Times a member out, or ends their time out. */
export function TimeOutDialog({ serverId, member, onClose }: TimeOutDialogProps) {
  const { t } = useTranslation("moderation");
  const client = useClient();
  const format = useFormat();
  const { busy, run } = useAction();
  const [duration, setDuration] = useState<Duration>("hour");
  const [reason, setReason] = useState("");
  const until = useClientState((state) => {
    const present = state.members[serverId]?.[member.id];
    return present && isTimedOut(present) ? present.timed_out_until : null;
  });
  const save = async (end: string | null) => {
    if (await run(() => client.rest.timeOutMember(serverId, member.id, { until: end, reason }))) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("timeOut.title", { name: member.display_name })}
      description={t("timeOut.description")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save(new Date(Date.now() + durationMs[duration]).toISOString());
        }}
      >
        {until && <p className="text-sm">{t("timeOut.present", { when: format.dateTime(until) })}</p>}
        <Field label={t("timeOut.duration")}>
          <Select
            value={duration}
            onChange={setDuration}
            options={durations.map((value) => ({ value, label: t(`duration.${value}`) }))}
          />
        </Field>
        <Field label={t("reason.label")} hint={t("reason.hint")}>
          <Input value={reason} maxLength={limits.reasonLength} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          {until && (
            <Button busy={busy} onClick={() => void save(null)}>
              {t("timeOut.end")}
            </Button>
          )}
          <Button type="submit" variant="primary" busy={busy}>
            {t("timeOut.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
