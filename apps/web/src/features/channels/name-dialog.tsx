import { limits } from "@miscord/protocol";
import type { LucideIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";

interface NameDialogProps {
  icon: LucideIcon;
  title: string;
  fieldLabel: string;
  submitLabel: string;
  initialName: string;
  /** More fields, below the name. */
  below?: ReactNode;
  onClose: () => void;
  onSubmit: (name: string) => Promise<unknown>;
}

/** Asks for the name of a channel or thread. */
export function NameDialog(props: NameDialogProps) {
  const { icon: Icon, title, fieldLabel, submitLabel, initialName, below, onClose, onSubmit } = props;
  const { t } = useTranslation("common");
  const { busy, run } = useAction();
  const [name, setName] = useState(initialName);
  async function submit() {
    if (await run(() => onSubmit(name.trim()))) onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button variant="primary" type="submit" form="channel-name" busy={busy} disabled={name.trim() === ""}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        id="channel-name"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label={fieldLabel}>
          <div className="relative">
            <Icon size={17} aria-hidden className="pointer-events-none absolute left-3 top-3 text-faint" />
            <Input
              autoFocus
              required
              autoComplete="off"
              maxLength={limits.channelNameLength}
              value={name}
              onChange={(event) => setName(event.target.value)}
              className="pl-9"
            />
          </div>
        </Field>
        {below}
      </form>
    </Dialog>
  );
}
