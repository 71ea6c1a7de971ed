import { limits } from "@miscord/protocol";

/** Control characters, and those that turn the reading direction: `photo[RLO]gpj.exe` shows as `photoexe.jpg`. */
const hidden = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A name to show and to save under: no path, nothing hidden, not too long, its ending kept. */
export function cleanFilename(given: string): string {
  const name = given.toWellFormed().normalize("NFC").split(/[/\\]/).at(-1)!.replace(hidden, "").trim();
  const [ending = ""] = /\.[^.]{1,16}$/.exec(name) ?? [];
  const stem = name.slice(0, name.length - ending.length);
  const short = stem.slice(0, limits.filenameLength - ending.length).toWellFormed() + ending;
  return short === "" || short === "." || short === ".." ? "file" : short;
}
