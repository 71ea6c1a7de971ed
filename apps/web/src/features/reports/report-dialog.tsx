import { reportCalls } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { plainText } from "@miscord/text";
import { withRoles } from "../../core/role-mentions.ts";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import type { ReportSubject } from "../../core/dialog-store.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { useToast } from "../../ui/toast.tsx";
import { TextArea } from "../../ui/text-area.tsx";

/** Reports a message or a person to the moderators of the server, or to the administrators of the instance. */
export function ReportDialog({ subject, onClose }: { subject: ReportSubject; onClose: () => void }) {
  const { t } = useTranslation("moderation");
  const client = useClient();
  const toast = useToast();
  const { busy, run } = useAction();
  const [reason, setReason] = useState("");
  const [notify, setNotify] = useState(true);
  const serverId = subject.kind === "message" ? subject.message.server_id : (subject.reportedIn ?? null);
  const send = async () => {
    const about =
      subject.kind === "message"
        ? { message_id: subject.message.id }
        : { user_id: subject.userId, ...(serverId !== null && { server_id: serverId }) };
    if (!(await run(() => reportCalls(client.rest).report({ ...about, reason, notify })))) return;
    onClose();
    toast({ title: t("report.sent"), tone: "success" });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t(`report.title.${subject.kind}`)}
      description={t(serverId === null ? "report.toInstance" : "report.toModerators")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {subject.kind === "message" && (
          <blockquote className="line-clamp-4 rounded-md border border-line bg-surface px-3 py-2 text-sm">
            <bdi className="font-semibold">{subject.message.author.display_name}</bdi>{" "}
            <span dir="auto">{withRoles(plainText(subject.message.content))}</span>
          </blockquote>
        )}
        <Field label={t("report.reason")}>
          <TextArea
            required
            value={reason}
            maxLength={limits.reportLength}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        {serverId !== null && <Checkbox label={t("report.notify")} checked={notify} onChange={setNotify} />}
        <Button type="submit" variant="primary" busy={busy} disabled={reason.trim() === ""} className="self-end">
          {t("report.submit")}
        </Button>
      </form>
    </Dialog>
  );
}
