import type { CustomEmoji } from "@miscord/protocol";
import { useState } from "react";
import { useAction } from "../../core/use-action.ts";
import type { EmojiKind } from "./kinds.ts";
import type { NewEmoji } from "./new-emojis.tsx";
import type { RefusedReason, Unzipped } from "./unzip.ts";

/** A file that is left out of those chosen. `noRoom`: there are as many pictures as there may be. */
export interface RefusedFile {
  name: string;
  reason: RefusedReason | "noRoom";
}

/** The pictures that somebody has chosen, archives of them unpacked, until they are uploaded. */
export function useChosenFiles(kind: EmojiKind, present: readonly CustomEmoji[]) {
  const { busy, run } = useAction();
  const [added, setAdded] = useState<readonly NewEmoji[]>([]);
  const [refused, setRefused] = useState<readonly RefusedFile[]>([]);
  const room = Math.max(0, kind.most - present.length - added.length);

  async function choose(files: readonly File[]): Promise<void> {
    const found = await picturesIn(files);
    const chosen: NewEmoji[] = [];
    for (const file of found.pictures.slice(0, room)) {
      const taken = [...present, ...added, ...chosen].map(({ name }) => name);
      const url = URL.createObjectURL(file);
      chosen.push({ key: crypto.randomUUID(), file, url, error: "", ...kind.nameOfFile(file.name, taken) });
    }
    const tooMany = found.pictures.slice(room).map(({ name }) => ({ name, reason: "noRoom" as const }));
    setAdded((before) => [...before, ...chosen]);
    setRefused([...found.refused, ...tooMany]);
  }

  return {
    added,
    setAdded,
    refused,
    room,
    isReading: busy,
    choose: (files: readonly File[]) => void run(() => choose(files)),
    forgetRefused: () => setRefused([]),
  };
}

async function picturesIn(files: readonly File[]): Promise<Unzipped> {
  const parts = await Promise.all(files.map(unpacked));
  return { pictures: parts.flatMap(({ pictures }) => pictures), refused: parts.flatMap(({ refused }) => refused) };
}

async function unpacked(file: File): Promise<Unzipped> {
  if (file.type.startsWith("image/")) return { pictures: [file], refused: [] };
  if (!/\.zip$/i.test(file.name)) return { pictures: [], refused: [{ name: file.name, reason: "noPicture" }] };
  const { unzipPictures } = await import("./unzip.ts");
  return unzipPictures(file);
}
