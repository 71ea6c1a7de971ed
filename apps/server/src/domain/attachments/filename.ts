import { limits } from "@miscord/protocol";
import { cleanName } from "@miscord/text";

const control = /\p{Cc}/gu;

/**
 * A safe name to display and to save under: without path, shortened, extension kept, and without what is invisible or
 * turns the direction: `photo[RLO]gpj.exe` would show as `photoexe.jpg`.
 */
export function cleanFilename(given: string): string {
  const name = cleanName(given.toWellFormed().split(/[/\\]/).at(-1)!.replace(control, ""));
  const [ending = ""] = /\.[^.]{1,16}$/.exec(name) ?? [];
  const stem = name.slice(0, name.length - ending.length);
  const short = stem.slice(0, limits.filenameLength - ending.length).toWellFormed() + ending;
  return short === "" || short === "." || short === ".." ? "file" : short;
}
