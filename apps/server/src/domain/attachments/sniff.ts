import { fileTypeFromBuffer } from "file-type";
import { unknownType } from "./content-type.ts";

/** Carries scripts, or becomes a page by itself. */
const active = /html|xml|svg|script|x-shockwave|mhtml|multipart/;

/**
 * What a file is by its first bytes. What the uploader calls it counts only for plain text, which has no mark of its
 * own, and only when it reads as text.
 */
export async function sniff(head: Uint8Array, declared: string): Promise<string> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  const mime = found?.mime.split(";")[0]!.trim().toLowerCase();
  if (mime === undefined) return declared.startsWith("text/plain") && isText(head) ? "text/plain" : unknownType;
  return active.test(mime) ? unknownType : mime;
}

function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    // A stream: the last character may have been cut in two.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
