import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { Random } from "../../../testing/random.ts";

interface WrittenMessage {
  id: string;
  content: string;
  authorId: string;
  at: number;
  editedAt: number | null;
  replyTo: string | null;
  isPinned: boolean;
  /** Ids of those who reacted with 👍. */
  thumbs: string[];
  file: string | null;
}

export interface WrittenChannel {
  id: string;
  name: string;
  type: string;
  messages: WrittenMessage[];
}

const start = Date.parse("2021-03-04T05:06:07.000Z");
const discordEpoch = 1_420_070_400_000;
const guild = { id: "1001", name: "Old Home", iconUrl: "https://cdn.example/icon.png" };
const category = { categoryId: "2001", category: "Talk" };

/** As Discord makes them: they rise with time. */
function snowflake(at: number, number: number): string {
  return ((BigInt(at - discordEpoch) << 22n) + BigInt(number)).toString();
}

function person(number: number) {
  const roles = number % 3 === 0 ? [{ id: "4001", name: "Crew", color: "#FF8800", position: 2 }] : [];
  const id = String(3_000 + number);
  return {
    id,
    name: `person${number}`,
    discriminator: "0000",
    nickname: `Person ${number}`,
    color: "#112233",
    isBot: false,
    roles,
    avatarUrl: "https://cdn.example/a.png",
  };
}

export type ExportedJson = Record<string, unknown>;

/** A message as DiscordChatExporter writes it, `fields` in place of its own. */
export function jsonMessage(id: string, fields: ExportedJson = {}): ExportedJson {
  return {
    id,
    type: "Default",
    timestamp: new Date(start).toISOString(),
    timestampEdited: null,
    callEndedTimestamp: null,
    isPinned: false,
    content: `message ${id}`,
    author: person(1),
    attachments: [],
    embeds: [],
    stickers: [],
    reactions: [],
    mentions: [],
    inlineEmojis: [],
    ...fields,
  };
}

export function jsonFile(channel: ExportedJson, messages: readonly unknown[]): ExportedJson {
  const head = { id: "5001", type: "GuildTextChat", ...category, name: "general", topic: null, ...channel };
  const range = { dateRange: { after: null, before: null }, exportedAt: "2026-01-02T03:04:05+00:00" };
  return { guild, channel: head, ...range, messages, messageCount: messages.length };
}

/**
 * Writes an export with about so many messages: a channel in two parts, a smaller one, a voice channel with its chat, a thread
 * of a message and a forum's post; with replies, edits, pins, reactions and files. The same seed makes the same export.
 */
export async function writeExport(folder: string, count: number, seed: number): Promise<WrittenChannel[]> {
  mkdirSync(folder, { recursive: true });
  const random = new Random(seed);
  let number = 0;
  const channel = (
    name: string,
    type: string,
    size: number,
    id = snowflake(start - 1_000, (number += 1)),
  ): WrittenChannel => ({
    id,
    name,
    type,
    messages: Array.from({ length: size }, () => 0).reduce<WrittenMessage[]>((earlier) => {
      earlier.push(someMessage(random, (number += 1), earlier));
      return earlier;
    }, []),
  });
  const general = channel("general", "GuildTextChat", Math.floor(count * 0.7));
  const news = channel("news", "GuildNews", Math.floor(count * 0.15));
  const voice = channel("Lounge", "GuildVoiceChat", Math.floor(count * 0.05));
  const thread = channel("side talk", "GuildPublicThread", Math.floor(count * 0.05), general.messages[5]!.id);
  const post = channel("How to?", "GuildPublicThread", Math.floor(count * 0.05));
  post.id = post.messages[0]!.id;
  const half = Math.ceil(general.messages.length / 2);
  await writeFile(folder, "general [part 1].json", general, general.messages.slice(0, half));
  // The parts overlap, as those of two exports do.
  await writeFile(folder, "general [part 2].json", general, general.messages.slice(half - 3));
  await writeFile(folder, "news.json", news, news.messages);
  await writeFile(folder, "lounge.json", voice, voice.messages);
  await writeFile(folder, "a thread.json", thread, thread.messages, { categoryId: general.id, category: "general" });
  await writeFile(folder, "a post.json", post, post.messages, { categoryId: "6001", category: "questions" });
  return [general, news, voice, thread, post];
}

function someMessage(random: Random, number: number, earlier: readonly WrittenMessage[]): WrittenMessage {
  const at = start + number * 1_000;
  const id = snowflake(at, number);
  const reactors = random.below(10) === 0 ? [1, 2, 3].slice(0, 1 + random.below(3)) : [];
  return {
    id,
    content: `message ${number} ${random.pick(["привет", "“quotes” \\ and {braces}", "line\nbreak", "🎉"])}`,
    authorId: String(3_000 + random.below(12)),
    at,
    editedAt: random.below(12) === 0 ? at + 500 : null,
    replyTo: earlier.length > 0 && random.below(6) === 0 ? random.pick(earlier).id : null,
    // A channel has at most 50 pins.
    isPinned: number % 400 === 7 && number < 16_000,
    thumbs: reactors.map((reactor) => String(3_000 + reactor)),
    file: number % 500 === 9 ? `file ${number}.txt` : null,
  };
}

async function writeFile(
  folder: string,
  name: string,
  channel: WrittenChannel,
  messages: readonly WrittenMessage[],
  parent: ExportedJson = {},
): Promise<void> {
  const { id, type } = channel;
  const [head, tail] = JSON.stringify(jsonFile({ id, type, name: channel.name, ...parent }, []), null, 2).split("[]");
  const stream = createWriteStream(join(folder, name));
  stream.write(`${head}[`);
  for (const [index, message] of messages.entries()) {
    const text = JSON.stringify(asJson(folder, name, channel, message), null, 2);
    if (!stream.write(`${index > 0 ? "," : ""}\n${text}`)) await once(stream, "drain");
  }
  stream.end(`]${tail}`);
  await once(stream, "finish");
}

function asJson(
  folder: string,
  name: string,
  { id: channelId }: WrittenChannel,
  message: WrittenMessage,
): ExportedJson {
  const { id, at, editedAt, replyTo, isPinned, thumbs, file, content } = message;
  if (file !== null) {
    mkdirSync(join(folder, `${name}_Files`), { recursive: true });
    writeFileSync(join(folder, `${name}_Files`, `${id}.txt`), `bytes of ${file}`);
  }
  const users = thumbs.map((user) => person(Number(user) - 3_000));
  return jsonMessage(id, {
    type: replyTo === null ? "Default" : "Reply",
    timestamp: new Date(at).toISOString().replace("Z", "+00:00"),
    timestampEdited: editedAt === null ? null : new Date(editedAt).toISOString(),
    isPinned,
    content,
    author: person(Number(message.authorId) - 3_000),
    attachments: file === null ? [] : [{ id, url: `${name}_Files/${id}.txt`, fileName: file, fileSizeBytes: 10 }],
    reactions:
      users.length === 0 ? [] : [{ emoji: { id: "", name: "👍", code: "thumbsup" }, count: users.length, users }],
    ...(replyTo !== null && { reference: { messageId: replyTo, channelId, guildId: guild.id } }),
  });
}
