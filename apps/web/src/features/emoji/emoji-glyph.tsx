import { emojiMarksIn } from "@miscord/text";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const ServerEmoji = lazyWithTexts(async () => (await import("./server-emoji.tsx")).ServerEmoji, []);

/** An emoji of a server, by its name until its picture is there, and when that is gone. */
export function NamedEmoji({ name, id }: { name: string; id: number }) {
  const text = `:${name}:`;
  return (
    <LazyPart loading={text} failed={text}>
      <ServerEmoji name={name} id={id} />
    </LazyPart>
  );
}

/** An emoji of Unicode, or one of a server that is given as texts hold it. */
export function EmojiGlyph({ emoji }: { emoji: string }) {
  const [mark] = emojiMarksIn(emoji);
  return mark ? <NamedEmoji {...mark} /> : emoji;
}
