import { instanceLimits, limits } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { TextArea } from "../../ui/text-area.tsx";

interface RefuseDialogProps {
  name: string;
  onClose: () => void;
  onRefuse: (note: string) => Promise<boolean>;
}

export function RefuseDialog({ name, onClose, onRefuse }: RefuseDialogProps) {
  const { t } = useTranslation(["instance", "common"]);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const refuse = async () => {
    setBusy(true);
    await onRefuse(note);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("applications.refuseTitle", { name })}
      description={t("applications.refuseHint", { count: instanceLimits.refusedDays })}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void refuse();
        }}
      >
        <Field label={t("applications.note")}>
          <TextArea
            rows={3}
            value={note}
            maxLength={limits.reasonLength}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" variant="danger" busy={busy}>
            {t("applications.refuse")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
