import { cleanName } from "@miscord/text";
import { storable } from "../../../store/storable.ts";

const control = /\p{Cc}+/gu;
const hexColor = /^#[\da-f]{6}$/i;

/** A name of the export as one that this instance would have accepted; `otherwise` when nothing of it is left. */
export function nameOf(given: string, length: number, otherwise: string): string {
  const start = storable(given.slice(0, length * 4)).replace(control, " ");
  return cleanName(cleanName(start).slice(0, length).toWellFormed()) || otherwise;
}

export function colorOf(given: string): string | null {
  return hexColor.test(given) ? given.toLowerCase() : null;
}
