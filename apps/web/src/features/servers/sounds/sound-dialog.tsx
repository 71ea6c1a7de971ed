import { limits, type ServerSound } from "@miscord/protocol";
import { Play, SmilePlus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Input } from "../../../ui/input.tsx";
import { Slider } from "../../../ui/slider.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { EmojiPopover } from "../../emoji/emoji-popover.tsx";
import { FileChoice } from "./file-choice.tsx";
import { listen } from "./listen.ts";
import { useSoundForm } from "./use-sound-form.ts";

interface SoundDialogProps {
  serverId: number;
  /** Null: a new one. */
  sound: ServerSound | null;
  onClose: () => void;
}

/** File, name, emoji and volume of a sound. */
export function SoundDialog({ serverId, sound, onClose }: SoundDialogProps) {
  const { t } = useTranslation(["soundboard", "common"]);
  const form = useSoundForm(serverId, sound);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await form.save()) onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={sound ? t("changeTitle", { name: sound.name }) : t("addTitle")}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" type="submit" form="sound" busy={form.busy} disabled={!form.isReady}>
            {t(sound ? "common:save" : "add")}
          </Button>
        </>
      }
    >
      <form id="sound" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {!sound && <FileChoice file={form.file} problem={form.problem} onChoose={form.choose} />}
        <div className="flex items-start gap-2">
          <EmojiChoice emoji={form.emoji} onChange={form.setEmoji} />
          <Field label={t("name")} error={form.nameError} className="min-w-0 flex-1">
            <Input
              dir="auto"
              value={form.name}
              maxLength={limits.soundNameLength}
              onChange={(event) => form.setName(event.target.value)}
            />
          </Field>
        </div>
        <Loudness form={form} />
        {sound && form.problem && (
          <p role="alert" className="text-sm text-danger-ink">
            {form.problem}
          </p>
        )}
      </form>
    </Dialog>
  );
}

/** The volume, and a button to hear it. */
function Loudness({ form }: { form: ReturnType<typeof useSoundForm> }) {
  const { t } = useTranslation(["soundboard", "voice"]);
  const { load, name, volume, setVolume } = form;
  const toast = useToast();
  const cannot = () => toast({ title: t("cannotListen"), tone: "danger" });
  const percent = t("voice:quality.percent", { value: volume });
  return (
    <div>
      <div className="mb-1 flex justify-between text-sm">
        <span className="font-medium">{t("loudness")}</span>
        <span className="tabular-nums">{percent}</span>
      </div>
      <div className="flex items-center gap-3">
        <Slider
          className="flex-1"
          label={t("loudness")}
          valueText={percent}
          min={0}
          max={100}
          step={5}
          value={volume}
          onChange={setVolume}
        />
        <IconButton
          label={t("listen", { name })}
          disabled={!load}
          icon={<Play size={16} />}
          onClick={() => load && void listen(load, volume).catch(cannot)}
        />
      </div>
      <p className="mt-1 text-sm text-faint">{t("loudnessHint")}</p>
    </div>
  );
}

function EmojiChoice({ emoji, onChange }: { emoji: string | null; onChange: (emoji: string | null) => void }) {
  const { t } = useTranslation("soundboard");
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="mt-6 flex items-center">
      <EmojiPopover
        open={isOpen}
        onOpenChange={setOpen}
        onPick={onChange}
        trigger={
          <button
            type="button"
            aria-label={t("emoji")}
            className="flex size-10 shrink-0 items-center justify-center rounded-md border border-line-strong bg-field text-xl hover:border-faint"
          >
            {emoji ?? <SmilePlus size={19} aria-hidden className="text-muted" />}
          </button>
        }
      />
      {emoji && <IconButton size="sm" label={t("noEmoji")} icon={<X size={14} />} onClick={() => onChange(null)} />}
    </div>
  );
}
