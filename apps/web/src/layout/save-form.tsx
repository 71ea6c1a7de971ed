import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "../core/use-action.ts";
import { Button } from "../ui/button.tsx";
import { useToast } from "../ui/toast.tsx";

interface SaveFormProps {
  /** Saves the fields. When it rejects, the error is shown as a toast. */
  onSave: () => Promise<unknown>;
  /** Whether there is a valid change to save. */
  canSave: boolean;
  children: ReactNode;
}

/** A settings form with a Save button: one save at a time, confirmed by a toast. */
export function SaveForm({ onSave, canSave, children }: SaveFormProps) {
  const { t } = useTranslation("common");
  const toast = useToast();
  const { busy, run } = useAction();
  async function submit(): Promise<void> {
    if (await run(onSave)) toast({ title: t("saved"), tone: "success" });
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      <Button type="submit" variant="primary" busy={busy} disabled={!canSave}>
        {t("save")}
      </Button>
    </form>
  );
}
