import { lazyWithTexts } from "../../../i18n/lazy-with-texts.ts";

/** All of threads but the marks of them: loaded with the first thread. */
const load = () => import("./parts.ts");

export const ThreadRows = lazyWithTexts(async () => (await load()).ThreadRows);
export const ThreadsPanel = lazyWithTexts(async () => (await load()).ThreadsPanel);
export const ThreadButtons = lazyWithTexts(async () => (await load()).ThreadButtons);
export const ThreadDialog = lazyWithTexts(async () => (await load()).ThreadDialog);
