import { lazy } from "react";
import { loadWords } from "../../../i18n/index.ts";

/** All of threads but the marks of them: loaded with the first thread, with its texts. */
async function load() {
  const [parts] = await Promise.all([import("./parts.ts"), loadWords("threads")]);
  return parts;
}

export const ThreadRows = lazy(async () => ({ default: (await load()).ThreadRows }));
export const ThreadsPanel = lazy(async () => ({ default: (await load()).ThreadsPanel }));
export const ThreadButtons = lazy(async () => ({ default: (await load()).ThreadButtons }));
export const ThreadDialog = lazy(async () => ({ default: (await load()).ThreadDialog }));
