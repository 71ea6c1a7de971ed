/** Most emoji in a message that is shown enlarged. */
const maxEmoji = 27;
// Built at run time: build tools would rewrite the `v` flag into a table of all emoji.
const nextEmoji = new RegExp("(?:\\p{RGI_Emoji}|<a?:\\w{2,32}:\\d{1,15}>)\\s*", "vy");

/** A letter, which ℹ is for Unicode. Spares most messages the other expression, which takes long to be compiled. */
const beginsWithLetter = /^(?!ℹ)\p{L}/u;

/** Whether the message consists of emoji only and is shown enlarged. */
export function isEmojiOnly(content: string): boolean {
  const text = content.trim();
  return content.length < 1_500 && !beginsWithLetter.test(text) && isOfEmoji(text);
}

/**
 * One after the other: a skin tone is an emoji of its own as well, so that one expression for all of them would try every way of
 * dividing them.
 */
function isOfEmoji(text: string): boolean {
  nextEmoji.lastIndex = 0;
  for (let count = 0; count < maxEmoji && nextEmoji.test(text); count += 1) {
    if (nextEmoji.lastIndex === text.length) return true;
  }
  return false;
}
