import { embedLimits, limits } from "@miscord/protocol";
import { z } from "zod";

/**
 * What is read of DiscordChatExporter's JSON. Files may come from anybody: what is needed is checked, what is only nice to
 * have is left out where it has another type, and everything else is passed over.
 */
const idPattern = /^\d{1,20}$/;
const id = z.string().regex(idPattern);
/**
 * Characters of a text, of a name and of an address: several times what Discord has, and more of a text than a message has here, so that
 * it is known to be cut. A value of a file may be one text of megabytes, which would be gone through again and again.
 */
const longest = { text: 20_000, name: 400, address: embedLimits.address };

/** What is left is a copy: a part of a text would keep all of it in memory. */
function textUpTo(length: number) {
  const cut = (value: string) => (value.length <= length ? value : ` ${value.slice(0, length)}`.slice(1));
  return z.string().transform(cut).catch("");
}
const text = textUpTo(longest.text);
const name = textUpTo(longest.name);
/** Of a page, or of a file in the export. Half of one is none. */
const address = z.string().max(longest.address).catch("");
const flag = z.boolean().catch(false);

/** Of a list in a message: several times what Discord has. Millions of them in one value would hold up the server. */
const most = { entries: 500, roles: 1_500, fields: 50, reactions: 40, reactors: 5_000 };

/** Looks at none of its entries. */
const list = z.custom<readonly unknown[]>(Array.isArray).catch([]);

/** The first entries; those that are not of this shape are left out. */
function listOf<Entry extends z.ZodType>(entry: Entry, atMost = most.entries) {
  return list.transform((values) =>
    values
      .slice(0, atMost)
      .map((value) => entry.safeParse(value))
      .flatMap((read) => read.data ?? []),
  );
}

/** A moment that JavaScript can express, in milliseconds since 1970. */
const time = z
  .string()
  .max(40)
  .transform((value) => Date.parse(value))
  .pipe(z.number().int().min(0).max(8_640_000_000_000));

export const guild = z.object({ id, name });
export type Guild = z.infer<typeof guild>;

export const channel = z.object({
  id,
  type: z.string().max(60),
  categoryId: id.nullable().catch(null),
  category: name,
  name,
  topic: textUpTo(limits.topicLength),
});
export type ExportedChannel = z.infer<typeof channel>;

const role = z.object({ id, name, color: name, position: z.number().catch(0) });
export type ExportedRole = z.infer<typeof role>;

const author = z.object({
  id,
  name,
  nickname: name,
  color: name,
  isBot: flag,
  roles: listOf(role, most.roles),
});
/** Who wrote, or reacted. */
export type ExportedPerson = Pick<z.infer<typeof author>, "id" | "name" | "nickname" | "color">;

const attachment = z.object({ url: address, fileName: name });

const embed = z.object({
  title: name,
  url: address,
  timestamp: name,
  description: text,
  color: name,
  author: z.object({ name, url: address }).nullable().catch(null),
  footer: z.object({ text }).nullable().catch(null),
  image: z.object({ url: address }).nullable().catch(null),
  thumbnail: z.object({ url: address }).nullable().catch(null),
  fields: listOf(z.object({ name, value: text, isInline: flag }), most.fields),
});
export type ExportedEmbed = z.infer<typeof embed>;

/** Names and ids of these are remembered while the export is read, so that they must be short. */
const shortName = z.string().max(100).catch("");
const idOrNone = id.catch("");

/** Of a server when it has an id. With `--media` its picture is the name of a file. */
const emoji = z.object({ id: idOrNone, name: shortName, imageUrl: address });
export type ExportedEmoji = z.infer<typeof emoji>;

const sticker = z.object({ id: idOrNone, name: shortName, format: name, sourceUrl: address });
export type ExportedSticker = z.infer<typeof sticker>;

/** By hand: there may be thousands to each of twenty emoji. Nobody where the id is none. */
function readReactor(value: unknown): ExportedPerson[] {
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Record<string, unknown>;
  if (typeof fields["id"] !== "string" || !idPattern.test(fields["id"])) return [];
  const textOf = (field: unknown) => (typeof field === "string" ? field : "");
  const [name, nickname, color] = [fields["name"], fields["nickname"], fields["color"]].map(textOf) as [
    string,
    string,
    string,
  ];
  return [{ id: fields["id"], name, nickname, color }];
}

/** Of those who reacted the first; the others are counted only. */
const reaction = z.object({
  emoji,
  count: z.number().int().min(0).max(100_000_000).catch(0),
  users: list.transform((values) => values.slice(0, most.reactors).flatMap(readReactor)),
});
export type ExportedReaction = z.infer<typeof reaction>;

const parts = {
  content: text,
  attachments: listOf(attachment),
  embeds: listOf(embed),
  stickers: listOf(sticker),
  inlineEmojis: listOf(emoji),
};

export const message = z.object({
  id,
  type: z.union([z.string().max(60), z.number().transform(String)]),
  timestamp: time,
  timestampEdited: time.nullable().catch(null),
  isPinned: flag,
  ...parts,
  author,
  reactions: listOf(reaction, most.reactions),
  mentions: listOf(z.object({ id, name, nickname: name })),
  reference: z.object({ messageId: id }).nullable().catch(null),
  forwardedMessage: z.object(parts).nullable().catch(null),
});
export type ExportedMessage = z.infer<typeof message>;

/** Ids of Discord rise with time. Negative when `a` is older. */
export function compareIds(a: string, b: string): number {
  const [first, second] = [BigInt(a), BigInt(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}
