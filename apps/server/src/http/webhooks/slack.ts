import { embedLimits, limits } from "@miscord/protocol";
import { z } from "zod";

const text = z.string().nullish();
const attachment = z.looseObject({
  title: text,
  title_link: text,
  text,
  pretext: text,
  fallback: text,
  color: text,
  author_name: text,
  author_link: text,
  footer: text,
  image_url: text,
  fields: z
    .array(z.looseObject({ title: text, value: text, short: z.boolean().nullish() }))
    .max(25)
    .nullish(),
});
const slackBody = z.looseObject({
  text,
  username: text,
  icon_url: text,
  attachments: z.array(attachment).max(10).nullish(),
});

/** A message in Slack's shape as a body of Discord's, to be checked as one. Throws what zod throws. */
export function fromSlack(input: unknown): unknown {
  const { text: content, username, icon_url: icon, attachments } = slackBody.parse(input);
  return {
    content: plain(content, limits.messageLength),
    username: username || undefined,
    avatar_url: webAddress(icon),
    embeds: attachments?.map((one) => ({
      title: plain(one.title, embedLimits.title),
      url: webAddress(one.title_link),
      description: plain([one.pretext, one.text || one.fallback].filter(Boolean).join("\n"), embedLimits.description),
      color: colorOf(one.color),
      author: one.author_name
        ? { name: plain(one.author_name, embedLimits.author), url: webAddress(one.author_link) }
        : undefined,
      footer: one.footer ? { text: plain(one.footer, embedLimits.footer) } : undefined,
      image: one.image_url ? { url: one.image_url } : undefined,
      fields: one.fields?.map((field) => ({
        name: plain(field.title, embedLimits.fieldName) ?? "",
        value: plain(field.value, embedLimits.fieldValue) ?? "",
        inline: field.short ?? false,
      })),
    })),
  };
}

const named: Readonly<Record<string, number>> = { good: 0x2eb886, warning: 0xdaa038, danger: 0xa30200 };

function colorOf(color: string | null | undefined): number | undefined {
  if (!color) return undefined;
  const hex = /^#?([0-9a-f]{6})$/i.exec(color)?.[1];
  return hex === undefined ? named[color] : Number.parseInt(hex, 16);
}

function webAddress(url: string | null | undefined): string | undefined {
  return url && /^https?:\/\/\S+$/i.test(url) && URL.canParse(url) ? url : undefined;
}

/**
 * Slack writes `<https://example.org|name>`, and escapes three characters. Each pattern ends at the next `<`, so that a text full
 * of them is read once.
 */
function plain(value: string | null | undefined, length: number): string | undefined {
  if (!value) return undefined;
  const shown = value
    .replaceAll(/<(https?:\/\/[^|<>]+)\|([^<>]*)>/g, "$2 ($1)")
    .replaceAll(/<(https?:\/\/[^|<>]+)>/g, "$1")
    .replaceAll("<!channel>", "@everyone")
    .replaceAll("<!here>", "@here")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
  return shown.length > length ? `${shown.slice(0, length - 1).toWellFormed()}…` : shown;
}
