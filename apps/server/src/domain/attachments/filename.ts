import { limits } from "@miscord/protocol";
import { cleanName } from "@miscord/text";

const control = /\p{Cc}/gu;
/** Of the beginning and the end of a name: forms allow eighty kilobytes, and more is not looked at. */
const read = { first: 800, last: 200 };

/**
 * A safe name to display and to save under: without path, shortened, extension kept, and without what is invisible or
 * turns the direction: `photo[RLO]gpj.exe` would show as `photoexe.jpg`.
 */
export function cleanFilename(given: string): string {
  const whole = given.slice(1 + Math.max(given.lastIndexOf("/"), given.lastIndexOf("\\")));
  const isLong = whole.length > read.first + read.last;
  const looked = isLong ? whole.slice(0, read.first) + whole.slice(-read.last) : whole;
  const name = cleanName(looked.toWellFormed().replace(control, ""));
  const [ending = ""] = /\.[^.]{1,16}$/.exec(name) ?? [];
  const stem = name.slice(0, name.length - ending.length);
  const short = stem.slice(0, limits.filenameLength - ending.length).toWellFormed() + ending;
  return short === "" || short === "." || short === ".." ? "file" : short;
}
