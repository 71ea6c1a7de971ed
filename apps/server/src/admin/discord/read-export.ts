import { createReadStream } from "node:fs";
import { JSONParser } from "@streamparser/json";
import { channel, guild, message, type ExportedChannel, type ExportedMessage, type Guild } from "./format.ts";

/** What comes of a file, in its order. */
export type Entry =
  | { kind: "guild"; guild: Guild }
  | { kind: "channel"; channel: ExportedChannel }
  | { kind: "message"; message: ExportedMessage }
  /** A message without what every message has. */
  | { kind: "unreadable" };

/** Why a file cannot be read, or not further. */
export class UnreadableExport extends Error {
  override readonly name = "UnreadableExport";
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const chunkBytes = 64 * 1024;
/** Of one value: a message of Discord has some thousand characters and ten files. */
const maxValueBytes = 8 * 1024 * 1024;

/**
 * Reads one file of DiscordChatExporter as a stream: what is in memory is one part of the file and one message at a time.
 * @throws UnreadableExport for what is no JSON or no export, and for a value of an absurd size.
 */
export async function* readExport(file: string): AsyncGenerator<Entry> {
  const parser = new JSONParser({ paths: ["$.guild", "$.channel", "$.messages.*"], keepStack: false });
  let fault: Error | undefined;
  let entries: Entry[] = [];
  let bytesSinceValue = 0;
  let isStart = true;
  parser.onError = (error) => void (fault ??= error);
  parser.onValue = ({ key, value }) => {
    bytesSinceValue = 0;
    entries.push(entryOf(key, value));
  };
  const stream = createReadStream(file, { highWaterMark: chunkBytes });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (parser.isEnded) break;
      bytesSinceValue += chunk.length;
      if (bytesSinceValue > maxValueBytes) throw new UnreadableExport("it has a value that is too large");
      parser.write(isStart && chunk.subarray(0, 3).equals(byteOrderMark) ? chunk.subarray(3) : chunk);
      isStart = false;
      if (fault) throw notJson(fault);
      const ready = entries;
      entries = [];
      yield* ready;
    }
    if (!parser.isEnded) throw new UnreadableExport("it ends in the middle");
  } finally {
    stream.destroy();
  }
}

function entryOf(key: unknown, value: unknown): Entry {
  if (key === "guild") return { kind: "guild", guild: required(guild.safeParse(value).data) };
  if (key === "channel") return { kind: "channel", channel: required(channel.safeParse(value).data) };
  const read = message.safeParse(value).data;
  return read ? { kind: "message", message: read } : { kind: "unreadable" };
}

function required<Value>(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new UnreadableExport("it does not say of which server and channel it is");
}

function notJson(error: Error): UnreadableExport {
  return error instanceof UnreadableExport ? error : new UnreadableExport("it is no JSON");
}
