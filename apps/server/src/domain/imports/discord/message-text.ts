import { embedLimits, embedText, limits, type Embed } from "@miscord/protocol";
import { emojiMark } from "@miscord/text";
import { storable } from "../../../store/storable.ts";
import type { Import } from "./channel-place.ts";
import type { ExportedEmbed, ExportedMessage } from "./format.ts";
import { colorOf } from "./names.ts";

export const customEmoji = /<a?:(\w{1,32}):(\d{1,20})>/g;
const userMark = /<@!?(\d{1,20})>/g;
const webAddress = /^https?:\/\//i;

/** A name is not to address anybody here: nobody of those in the export is a member. */
const unaddressed = (name: string) => `@${name.replaceAll(/[\r\n@<>]/g, "")}`;

/**
 * The text as it shows here: custom emoji by their marks here or their names, people by their names, a forwarded message and the names of `files` that are not
 * there below. `isCut`: it was longer than messages are.
 */
export function textOf(
  message: ExportedMessage,
  files: readonly string[],
  { expressions }: Pick<Import, "expressions"> = {},
): { text: string; isCut: boolean } {
  const { content, stickers, forwardedMessage: forwarded, mentions } = message;
  const names = new Map(mentions.map(({ id, name, nickname }) => [id, nickname || name]));
  const parts = [
    content,
    ...stickers.map(({ name }) => `:${name}:`),
    ...(forwarded
      ? [quoted([forwarded.content, ...forwarded.stickers.map(({ name }) => `:${name}:`)].join("\n"))]
      : []),
    ...files.map((name) => `📎 ${name}`),
  ];
  const whole = parts
    .filter((part) => part.trim() !== "")
    .join("\n")
    .replaceAll(customEmoji, (_, name: string, id: string) => {
      const own = expressions?.emoji(id);
      return own ? emojiMark(own) : `:${name}:`;
    })
    .replace(userMark, (mark, id: string) => (names.has(id) ? unaddressed(names.get(id)!) : mark));
  const text = storable(whole.slice(0, limits.messageLength));
  return { text, isCut: whole.length > limits.messageLength };
}

function quoted(text: string): string {
  if (text.trim() === "") return "";
  return text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

/**
 * The embeds of a program. Those of people are previews of links in their texts, made by Discord. `dropped`: how many are
 * beyond what a message may have.
 */
export function embedsOf({ author, embeds }: ExportedMessage): { embeds: Embed[]; dropped: number } {
  if (!author.isBot) return { embeds: [], dropped: 0 };
  const kept: Embed[] = [];
  let length = 0;
  for (const embed of embeds.slice(0, embedLimits.perMessage)) {
    const one = embedOf(embed);
    length += embedText(one).length;
    if (length > embedLimits.total) break;
    kept.push(one);
  }
  return { embeds: kept, dropped: embeds.length - kept.length };
}

function embedOf({
  title,
  description,
  url,
  color,
  timestamp,
  author,
  footer,
  image,
  thumbnail,
  fields,
}: ExportedEmbed): Embed {
  const hex = colorOf(color);
  const shownFields = fields.slice(0, embedLimits.fields).map(({ name, value, isInline: inline }) => ({
    name: name.slice(0, embedLimits.fieldName),
    value: value.slice(0, embedLimits.fieldValue),
    inline,
  }));
  return {
    ...(title && { title: title.slice(0, embedLimits.title) }),
    ...(description && { description: description.slice(0, embedLimits.description) }),
    ...addressOf(url),
    ...(hex !== null && { color: Number.parseInt(hex.slice(1), 16) }),
    ...(Number.isFinite(Date.parse(timestamp)) && { timestamp: new Date(timestamp).toISOString() }),
    ...(author?.name && { author: { name: author.name.slice(0, embedLimits.author), ...addressOf(author.url) } }),
    ...(footer?.text && { footer: { text: footer.text.slice(0, embedLimits.footer) } }),
    ...pictureOf("image", image),
    ...pictureOf("thumbnail", thumbnail),
    ...(shownFields.length > 0 && { fields: shownFields }),
  };
}

function pictureOf(name: "image" | "thumbnail", picture: { url: string } | null): Pick<Embed, "image" | "thumbnail"> {
  const address = addressOf(picture?.url ?? "");
  return address.url === undefined ? {} : { [name]: { url: address.url } };
}

function addressOf(url: string): { url?: string } {
  return webAddress.test(url) && url.length <= embedLimits.address ? { url } : {};
}
