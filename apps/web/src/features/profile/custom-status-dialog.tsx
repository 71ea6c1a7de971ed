import { profileCalls } from "@miscord/client";
import { profileLimits } from "@miscord/protocol";
import { SmilePlus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { EmojiGlyph } from "../emoji/emoji-glyph.tsx";
import { EmojiPopover } from "../emoji/emoji-popover.tsx";
import { type StatusEnd, statusEnds, secondsUntil } from "./status-ends.ts";

/** Sets an emoji and a text that are shown beside the user's name, and when they end. */
export function CustomStatusDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["profile", "common"]);
  const format = useFormat();
  const client = useClient();
  const { custom_status: known } = useMe();
  const { busy, run } = useAction();
  const calls = profileCalls(client.rest);
  const [emoji, setEmoji] = useState(known?.emoji ?? null);
  const [text, setText] = useState(known?.text ?? "");
  const [end, setEnd] = useState<StatusEnd>(known && !known.ends_at ? "never" : "today");
  const isEmpty = emoji === null && text.trim() === "";
  const save = async (work: () => Promise<void>) => {
    const isDone = await run(async () => {
      await work();
      await client.reloadMe();
    });
    if (isDone) onClose();
  };
  const clear = () => {
    setEmoji(null);
    setText("");
  };
  const set = () => calls.setCustomStatus({ emoji, text: text.trim(), duration_s: secondsUntil(end, new Date()) });
  return (
    <Dialog open onOpenChange={onClose} title={t("status.title")} description={t("status.hint")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save(isEmpty ? calls.clearCustomStatus : set);
        }}
      >
        <div className="flex items-end gap-2">
          <EmojiButton emoji={emoji} onPick={setEmoji} />
          <TextField text={text} onChange={setText} onClear={isEmpty ? null : clear} />
        </div>
        <Field
          label={t("status.ends")}
          hint={known?.ends_at && t("status.endsNow", { when: format.dateTime(known.ends_at) })}
        >
          <Select
            value={end}
            onChange={setEnd}
            options={statusEnds.map((value) => ({ value, label: t(`status.end.${value}`) }))}
          />
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          {known && (
            <Button busy={busy} onClick={() => void save(calls.clearCustomStatus)}>
              {t("status.remove")}
            </Button>
          )}
          <Button type="submit" variant="primary" busy={busy} disabled={isEmpty && !known}>
            {t("common:save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function EmojiButton({ emoji, onPick }: { emoji: string | null; onPick: (emoji: string) => void }) {
  const { t } = useTranslation("profile");
  const [isOpen, setOpen] = useState(false);
  return (
    <EmojiPopover
      open={isOpen}
      onOpenChange={setOpen}
      serverId={null}
      onPick={onPick}
      trigger={
        <button
          type="button"
          aria-label={t("status.emoji")}
          className="flex size-10 shrink-0 items-center justify-center rounded-md border border-line-strong bg-field text-xl hover:border-faint"
        >
          {emoji ? <EmojiGlyph emoji={emoji} /> : <SmilePlus size={19} aria-hidden className="text-muted" />}
        </button>
      }
    />
  );
}

interface TextFieldProps {
  text: string;
  onChange: (text: string) => void;
  /** Null: there is nothing to clear. */
  onClear: (() => void) | null;
}

function TextField({ text, onChange, onClear }: TextFieldProps) {
  const { t } = useTranslation("profile");
  return (
    <Field label={t("status.text")} className="min-w-0 flex-1">
      <Input
        value={text}
        maxLength={profileLimits.statusLength}
        placeholder={t("status.placeholder")}
        onChange={(event) => onChange(event.target.value)}
        trailing={onClear && <IconButton label={t("status.empty")} icon={<X size={16} />} onClick={onClear} />}
      />
    </Field>
  );
}
