import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { PeoplePicker } from "./people-picker.tsx";
import { useOpenDm } from "./use-open-dm.ts";

/** Starts a conversation with one person, or a group with several. */
export function NewDmDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("people");
  const { busy, openDm } = useOpenDm();
  const [chosen, setChosen] = useState<readonly number[]>([]);
  async function submit(): Promise<void> {
    if (await openDm(chosen)) onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("new.title")}
      description={t("new.hint")}
      footer={
        <Button variant="primary" busy={busy} disabled={chosen.length === 0} onClick={() => void submit()}>
          {chosen.length > 1 ? t("new.group", { count: chosen.length }) : t("new.submit")}
        </Button>
      }
    >
      <PeoplePicker chosen={chosen} onChange={setChosen} />
    </Dialog>
  );
}
