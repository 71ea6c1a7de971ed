import { ApiError, soundCalls } from "@miscord/client";
import { limits, soundUrl, type ServerSound } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { audioContext } from "../../../core/audio/audio-context.ts";
import { loadSound } from "../../../core/audio/play-file.ts";
import { useClient, useClientState } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";

/** What is chosen for a sound; null: a new one. */
export function useSoundForm(serverId: number, sound: ServerSound | null) {
  const { t } = useTranslation("soundboard");
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState(sound?.name ?? "");
  const [emoji, setEmoji] = useState(sound?.emoji ?? null);
  const [volume, setVolume] = useState(sound?.volume ?? 100);
  const saving = useSaving(serverId, sound);
  const isTaken = useClientState(
    (state) =>
      state.servers[serverId]?.sounds?.some((one) => one.id !== sound?.id && one.name === name.trim()) ?? false,
  );
  const isShort = name.trim().length < limits.soundNameMin;
  const lacksFile = !sound && (!file || saving.problem !== null);

  function choose(chosen: File): void {
    setFile(chosen);
    saving.setProblem(chosen.size > limits.soundBytes ? t("tooLarge") : null);
    if (name === "") setName(nameOfFile(chosen.name));
  }

  return {
    ...saving,
    file,
    choose,
    name,
    setName,
    emoji,
    setEmoji,
    volume,
    setVolume,
    nameError: isTaken ? t("taken") : name !== "" && isShort ? t("badName") : undefined,
    isReady: !isShort && !isTaken && !lacksFile,
    /** Null until there is something to listen to. */
    load: sound ? () => loadSound(soundUrl(sound.id)) : file && (() => decoded(file)),
    save: () => saving.save({ name: name.trim(), emoji, volume }, file),
  };
}

/** What the server refuses of a new file is said beside it. */
function useSaving(serverId: number, sound: ServerSound | null) {
  const { t } = useTranslation("soundboard");
  const { rest } = useClient();
  const describe = useDescribeError();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const reasons: Readonly<Record<string, string>> = {
    duration: t("tooLong"),
    format: t("badFile"),
    name: t("taken"),
  };
  type Fields = Pick<ServerSound, "name" | "emoji" | "volume">;
  async function save(fields: Fields, file: File | null): Promise<boolean> {
    setBusy(true);
    try {
      const calls = soundCalls(rest, serverId);
      await (sound ? calls.change(sound.id, fields) : calls.create(typed(file!), fields));
      return true;
    } catch (error) {
      const details = error instanceof ApiError ? (error.details as { field?: string } | undefined) : undefined;
      setProblem(reasons[details?.field ?? ""] ?? describe(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, setProblem, save };
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
