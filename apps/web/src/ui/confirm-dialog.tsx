import { AlertDialog } from "radix-ui";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { scrimClass, sheetClass } from "./dialog.tsx";
import { useReturnFocus } from "./use-return-focus.ts";

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: ReactNode;
  confirmLabel: string;
  danger?: boolean;
  /** Fields below the description. */
  children?: ReactNode;
  /** The dialog stays open until this resolves and closes if it resolves to true. The caller reports failures. */
  onConfirm: () => Promise<boolean>;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, description, confirmLabel, danger = false, children, onConfirm } = props;
  const { t } = useTranslation("common");
  const [busy, setBusy] = useState(false);
  const returnFocus = useReturnFocus(open);

  async function confirm(): Promise<void> {
    setBusy(true);
    const succeeded = await onConfirm();
    setBusy(false);
    if (succeeded) onOpenChange(false);
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={scrimClass} />
        <AlertDialog.Content {...returnFocus} className={cx(sheetClass, "md:max-w-100")}>
          <div className="px-5 pb-5 pt-4">
            <AlertDialog.Title className="text-lg font-semibold wrap-break-word">{title}</AlertDialog.Title>
            <AlertDialog.Description asChild>
              <div className="mt-2 text-sm text-muted wrap-break-word">{description}</div>
            </AlertDialog.Description>
            {children && <div className="mt-4">{children}</div>}
          </div>
          <footer className="flex justify-end gap-2 border-t border-line px-5 py-3.5">
            <AlertDialog.Cancel asChild>
              <Button variant="ghost">{t("cancel")}</Button>
            </AlertDialog.Cancel>
            <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={() => void confirm()}>
              {confirmLabel}
            </Button>
          </footer>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
