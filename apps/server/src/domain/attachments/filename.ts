import { limits } from "@miscord/protocol";

/** Control and bidirectional characters: with the latter, `photo[RLO]gpj.exe` would show as `photoexe.jpg`. */
const hidden = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A safe name to display and to save under: without path and hidden characters, shortened, extension kept. */
export function cleanFilename(given: string): string {
  const name = given.toWellFormed().normalize("NFC").split(/[/\\]/).at(-1)!.replace(hidden, "").trim();
  const [ending = ""] = /\.[^.]{1,16}$/.exec(name) ?? [];
  const stem = name.slice(0, name.length - ending.length);
  const short = stem.slice(0, limits.filenameLength - ending.length).toWellFormed() + ending;
  return short === "" || short === "." || short === ".." ? "file" : short;
}
