import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { JSONParser } from "@streamparser/json";
import { Turns } from "../../../concurrency/turns.ts";
import { channel, guild, message, type ExportedChannel, type ExportedMessage, type Guild } from "./format.ts";

/** What comes of a file, in its order. */
export type Entry =
  | { kind: "guild"; guild: Guild }
  | { kind: "channel"; channel: ExportedChannel }
  /** `bytes`: that were read since the value before. Of those that end in the same piece of the file the first has all. */
  | { kind: "message"; message: ExportedMessage; bytes: number }
  /** A message without what every message has. */
  | { kind: "unreadable" };

/** Why a file cannot be read, or not further. */
export class UnreadableExport extends Error {
  override readonly name = "UnreadableExport";
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** Bytes that are parsed at once: a server that does so answers others in between. */
const stepBytes = 32 * 1024;
/** A piece has room for ten thousand values that are no messages, and finding that out takes a while. */
const turnMs = 5;
/** Of one value: a message of Discord has some thousand characters and ten files. */
const maxValueBytes = 8 * 1024 * 1024;

/**
 * Reads one file of DiscordChatExporter: what is in memory is one part of the file and one message at a time. Closes the stream.
 * @throws UnreadableExport for what is no JSON or no export, and for a value of an absurd size.
 */
export async function* readExport(stream: Readable): AsyncGenerator<Entry> {
  const parser = new JSONParser({ paths: ["$.guild", "$.channel", "$.messages.*"], keepStack: false });
  const turns = new Turns(turnMs);
  let fault: Error | undefined;
  let values: { key: unknown; value: unknown; bytes: number }[] = [];
  let bytesSinceValue = 0;
  let isStart = true;
  parser.onError = (error) => void (fault ??= error);
  parser.onValue = ({ key, value }) => {
    values.push({ key, value, bytes: bytesSinceValue });
    bytesSinceValue = 0;
  };
  try {
    for await (const chunk of steps(stream)) {
      if (parser.isEnded) break;
      bytesSinceValue += chunk.length;
      if (bytesSinceValue > maxValueBytes) throw new UnreadableExport("it has a value that is too large");
      parser.write(isStart && chunk.subarray(0, 3).equals(byteOrderMark) ? chunk.subarray(3) : chunk);
      isStart = false;
      if (fault) throw notJson(fault);
      const ready = values;
      values = [];
      for (const { key, value, bytes } of ready) {
        yield entryOf(key, value, bytes);
        await turns.pause();
      }
    }
    if (!parser.isEnded) throw new UnreadableExport("it ends in the middle");
  } finally {
    stream.destroy();
  }
}

async function* steps(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length; from += stepBytes) {
      yield chunk.subarray(from, from + stepBytes);
      await setImmediate();
    }
  }
}

function entryOf(key: unknown, value: unknown, bytes: number): Entry {
  if (key === "guild") return { kind: "guild", guild: required(guild.safeParse(value).data) };
  if (key === "channel") return { kind: "channel", channel: required(channel.safeParse(value).data) };
  const read = message.safeParse(value).data;
  return read ? { kind: "message", message: read, bytes } : { kind: "unreadable" };
}

function required<Value>(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new UnreadableExport("it does not say of which server and channel it is");
}

function notJson(error: Error): UnreadableExport {
  return error instanceof UnreadableExport ? error : new UnreadableExport("it is no JSON");
}
