import type { Inline } from "./nodes.ts";

const mark = /<(a?):(\w{2,32}):([1-9]\d{0,14})>/y;
/** Ids of other systems are longer. */
const marks = /<a?:(\w{2,32}):(\d{1,20})>/g;

/** How a text names an emoji of a server: by its id, with its name for readers for whom it is gone. */
export function emojiMark({ id, name, animated }: { id: number; name: string; animated: boolean }): string {
  return `<${animated ? "a" : ""}:${name}:${id}>`;
}

/** The emoji that the text names at this position. */
export function emojiAt(text: string, at: number): { node: Extract<Inline, { type: "emoji" }>; end: number } | null {
  mark.lastIndex = at;
  const match = mark.exec(text);
  return match && { node: { type: "emoji", name: match[2]!, id: Number(match[3]) }, end: mark.lastIndex };
}

/** Every mark in the text, wherever it stands: in code, too. Ids that are too long for a number of ours are 0. */
export function emojiMarksIn(text: string): { id: number; name: string; start: number; end: number }[] {
  if (!text.includes(":")) return [];
  return [...text.matchAll(marks)].map(({ 0: all, 1: name = "", 2: id = "", index: start }) => {
    return { id: id.length > 15 ? 0 : Number(id), name, start, end: start + all.length };
  });
}

/** A text for reading: with `:name:` in place of each mark. */
export function withEmojiNames(text: string): string {
  return text.replaceAll(marks, ":$1:");
}

/** Code, addresses and other marks, which stay as they are; else a name between colons. */
const typed = /```[^]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+|<[^<>\s]{1,60}>|(?<![\p{L}\p{N}_]):(\w{2,32}):/gu;

/** A text to be sent: `:name:` becomes the mark of the first emoji of this name, but in code and addresses. */
export function markEmojis(text: string, emojis: readonly Parameters<typeof emojiMark>[0][]): string {
  return text.replaceAll(typed, (all, name?: string) => {
    const emoji = name === undefined ? undefined : emojis.find((one) => one.name === name);
    return emoji ? emojiMark(emoji) : all;
  });
}
