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

/** A track of pictures, as recorders describe it at the beginning of the file: its codec in WebM, its handler in MP4. */
const pictureTrack = { "video/webm": /\x86[\x80-\xff]V_[A-Z]/, "video/mp4": /hdlr[^]{8}vide/ };

/** The type of a recording: WebM and MP4 of sound alone have the same first bytes as a video. */
export function soundType(type: string, head: Buffer): string {
  if (type !== "video/webm" && type !== "video/mp4") return type;
  return pictureTrack[type].test(head.toString("latin1")) ? type : type.replace("video", "audio");
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
