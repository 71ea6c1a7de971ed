/** More than this and they are a text of pictures, not a gesture. */
const maxEmoji = 27;
// Built at run time, so that no build step rewrites the `v` flag into a table of every emoji.
const onlyEmoji = new RegExp(`^(?:\\p{RGI_Emoji}\\s*){1,${maxEmoji}}$`, "v");

/** Shown larger. */
export function isEmojiOnly(content: string): boolean {
  return content.length < 400 && onlyEmoji.test(content.trim());
}
