import { ApiError, soundCalls } from "@miscord/client";
import { limits, soundUrl, type ServerSound } from "@miscord/protocol";
import { Play, SmilePlus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { audioContext } from "../../../core/audio/audio-context.ts";
import { loadSound } from "../../../core/audio/play-file.ts";
import { useClient, useClientState } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Input } from "../../../ui/input.tsx";
import { Slider } from "../../../ui/slider.tsx";
import { EmojiPopover } from "../../emoji/emoji-popover.tsx";
import { FileChoice } from "./file-choice.tsx";
import { listen } from "./listen.ts";

interface SoundDialogProps {
  serverId: number;
  /** Null: a new one. */
  sound: ServerSound | null;
  onClose: () => void;
}

/** File, name, emoji and volume of a sound. */
export function SoundDialog({ serverId, sound, onClose }: SoundDialogProps) {
  const { t } = useTranslation(["soundboard", "common", "voice"]);
  const { rest } = useClient();
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState(sound?.name ?? "");
  const [emoji, setEmoji] = useState(sound?.emoji ?? null);
  const [volume, setVolume] = useState(sound?.volume ?? 100);
  const { busy, problem, setProblem, save } = useSaving();
  const isTaken = useClientState(
    (state) =>
      state.servers[serverId]?.sounds?.some((one) => one.id !== sound?.id && one.name === name.trim()) ?? false,
  );
  const isShort = name.trim().length < limits.soundNameMin;
  const source = sound ? () => loadSound(soundUrl(sound.id)) : file && (() => decoded(file));
  const percent = t("voice:quality.percent", { value: volume });

  function choose(chosen: File): void {
    setFile(chosen);
    setProblem(chosen.size > limits.soundBytes ? t("tooLarge") : null);
    if (name === "") setName(nameOfFile(chosen.name));
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const fields = { name: name.trim(), emoji, volume };
    const calls = soundCalls(rest, serverId);
    const isSaved = await save(() => (sound ? calls.change(sound.id, fields) : calls.create(typed(file!), fields)));
    if (isSaved) onClose();
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
          <Button
            variant="primary"
            type="submit"
            form="sound"
            busy={busy}
            disabled={isShort || isTaken || (!sound && (!file || problem !== null))}
          >
            {t(sound ? "common:save" : "add")}
          </Button>
        </>
      }
    >
      <form id="sound" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {!sound && <FileChoice file={file} problem={problem} onChoose={choose} />}
        <div className="flex items-start gap-2">
          <EmojiChoice emoji={emoji} onChange={setEmoji} />
          <Field
            label={t("name")}
            error={isTaken ? t("taken") : name !== "" && isShort ? t("badName") : undefined}
            className="min-w-0 flex-1"
          >
            <Input
              dir="auto"
              value={name}
              maxLength={limits.soundNameLength}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        </div>
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
              disabled={!source}
              icon={<Play size={16} />}
              onClick={() => source && void listen(source, volume).catch(() => setProblem(t("badFile")))}
            />
          </div>
          <p className="mt-1 text-sm text-faint">{t("loudnessHint")}</p>
        </div>
        {sound && problem && (
          <p role="alert" className="text-sm text-danger-ink">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  );
}

/** What the server refuses of the file is said beside it. */
function useSaving() {
  const { t } = useTranslation("soundboard");
  const describe = useDescribeError();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const reasons: Readonly<Record<string, string>> = {
    duration: t("tooLong"),
    format: t("badFile"),
    name: t("taken"),
  };
  async function save(work: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    try {
      await work();
      return true;
    } catch (error) {
      const { field = "" } = error instanceof ApiError ? ((error.details ?? {}) as { field?: string }) : {};
      setProblem(reasons[field] ?? describe(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, setProblem, save };
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

async function decoded(file: File): Promise<AudioBuffer> {
  return audioContext().decodeAudioData(await file.arrayBuffer());
}

/** A browser may not know the type by the file's name; the server finds it out from the bytes. */
function typed(file: File): Blob {
  return file.type.startsWith("audio/") ? file : new Blob([file], { type: "audio/mpeg" });
}

function nameOfFile(filename: string): string {
  const words = filename
    .replace(/\.[^.]+$/, "")
    .replace(/[_-]+/g, " ")
    .trim();
  return (words.charAt(0).toUpperCase() + words.slice(1)).slice(0, limits.soundNameLength).trim();
}
