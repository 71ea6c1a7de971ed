import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type { UserRow } from "../../store/schema.ts";
import {
  personalRows,
  uploadsAfter,
  writtenDetails,
  writtenMessages,
  writtenTexts,
} from "../../store/queries/personal-rows.ts";
import type { PersonalRow, WrittenMessage } from "../../store/queries/personal-rows.ts";
import { favouritesOf } from "../../store/queries/favourite-gifs.ts";
import { userById } from "../../store/queries/users.ts";
import { chunks } from "../../chunks.ts";
import { Turns } from "../../concurrency/turns.ts";
import { AppError } from "../../errors.ts";
import type { DomainContext } from "../context.ts";
import { indexPage, messagesPage, rowsPage, type ExportedMessage, type IndexEntry } from "./export-pages.ts";
import type { PersonalColumn } from "../../store/personal-column.ts";
import { personalColumns } from "../../store/personal-columns.ts";

/** One file of the ZIP. */
export interface ExportFile {
  name: string;
  lastModified: Date;
  input: string | AsyncIterable<string | Uint8Array>;
}

export interface ExportSource extends Pick<DomainContext, "store" | "storage"> {
  now: number;
  /** Called before each page; throws to end the export. */
  goOn: () => void;
}

/** Messages, rows and files of one query: with the file that is being read, the most that an export holds in memory. */
const pageSize = 200;
/** Rows of tables, which are smaller. */
const rowsAtOnce = 1_000;
const restsFromMs = 5;
const mostRestMs = 1_000;
/** Of which what they said before is in memory at once. */
const messagesAtOnce = 4;
const turnMs = 5;

/**
 * All that the user has, as the files of their export: what they wrote in pages, every table of `personalColumns`, each as
 * JSON and HTML, their uploads, and `index.html`, which leads to the others. Each is read when the one before was taken.
 */
export async function* exportFiles(source: ExportSource, user: UserRow): AsyncGenerator<ExportFile> {
  const index: IndexEntry[] = [];
  const locale = user.locale === "ru" ? "ru" : "en";
  const file = (name: string, input: ExportFile["input"]) => ({ name, lastModified: new Date(source.now), input });

  for await (const { number, messages, details } of pagesOfMessages(source, user.id)) {
    const name = `messages/${String(number).padStart(5, "0")}`;
    index.push({
      kind: "messages",
      name,
      count: messages.length,
      from: sentAt(messages[0]!),
      to: sentAt(messages.at(-1)!),
    });
    const written = () => presentAll(source, messages, details);
    yield file(`${name}.json`, messagesJson(written()));
    yield file(`${name}.html`, messagesPage(locale, written()));
  }
  for (const column of personalColumns) {
    const { export: exported, kind } = column;
    if (!exported) continue;
    const name = `data/${exported.as ?? column.table}`;
    const counter = { rows: 0 };
    const pages = () => pagesOfRows(source, user.id, column);
    if ((await pages().next()).done) continue;
    yield file(`${name}.json`, rowsJson(pages(), counter));
    yield file(`${name}.html`, rowsPage(locale, name, pages()));
    index.push({ kind, name, count: counter.rows });
  }
  yield* uploads(source, user.id, index);
  yield* ownPictures(source, user, index);
  yield* favouriteGifs(source, user, index);
  yield file("index.html", indexPage(locale, { name: user.username, at: source.now, index }));
}

type Details = Awaited<ReturnType<typeof writtenDetails>>;

async function* pagesOfMessages({ store, goOn }: ExportSource, userId: number) {
  let messages: WrittenMessage[] = [];
  for (let number = 1; number === 1 || messages.length === pageSize; number += 1) {
    goOn();
    messages = await writtenMessages(store.db, userId, messages.at(-1), pageSize);
    if (messages.length > 0) yield { number, messages, details: await writtenDetails(store.db, userId, messages) };
  }
}

/** In parts: the earlier texts of the messages of one page may be a hundred megabytes. */
async function* presentAll(
  { store, goOn }: ExportSource,
  messages: readonly WrittenMessage[],
  details: Details,
): AsyncGenerator<ExportedMessage> {
  const turns = new Turns(turnMs);
  for (const some of chunks(messages, messagesAtOnce)) {
    goOn();
    const edited = some.filter((message) => message.edited_at !== null).map(({ id }) => id);
    const earlier = edited.length === 0 ? [] : await writtenTexts(store.db, "earlier_texts", edited);
    for (const message of some) {
      yield present(message, details, earlier);
      await turns.pause();
    }
  }
}

async function* messagesJson(messages: AsyncIterable<ExportedMessage>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const message of messages) {
    yield before + JSON.stringify(message, null, 1);
    before = ",\n";
  }
  yield "\n]\n";
}

const sentAt = ({ created_at }: WrittenMessage) => new Date(created_at).toISOString();

function present(
  message: WrittenMessage,
  { files, people, forwards, polls }: Details,
  earlier: Awaited<ReturnType<typeof writtenTexts>>,
): ExportedMessage {
  const { id, content, reply_to_id, channel_id, server_id } = message;
  const asText = (row: { content: string; written_at: number }) => ({
    content: row.content,
    written_at: new Date(row.written_at).toISOString(),
  });
  const isOfMessage = (row: { message_id: number | null }) => row.message_id === id;
  const forward = forwards.find(isOfMessage);
  const poll = polls.find(isOfMessage);
  const texts = earlier.filter(isOfMessage).map(asText);
  return {
    id,
    sent_at: sentAt(message),
    edited_at: message.edited_at === null ? null : new Date(message.edited_at).toISOString(),
    content,
    reply_to_id,
    server: server_id === null ? null : { id: server_id, name: message.server_name },
    channel: { id: channel_id, type: message.channel_type, name: message.is_seen === 1 ? message.channel_name : null },
    with: people.filter((one) => one.channel_id === channel_id).map((one) => one.username),
    files: files.filter(isOfMessage).map(fileName),
    ...(forward && { forwarded: asText(forward) }),
    ...(poll && { poll_answers: JSON.parse(poll.answers) as string[] }),
    ...(texts.length > 0 && { earlier_texts: texts }),
  };
}

async function* pagesOfRows(
  { store, goOn }: ExportSource,
  userId: number,
  { table, column, export: exported }: PersonalColumn,
): AsyncGenerator<PersonalRow[]> {
  const { by, shown } = exported!;
  let rows: PersonalRow[] = [];
  do {
    goOn();
    const page = { userId, after: rows.at(-1), limit: rowsAtOnce };
    rows = await readResting(() => personalRows(store.search, { table, column, by }, page));
    if (rows.length > 0) yield rows.map((row) => readable(row, shown));
  } while (rows.length === rowsAtOnce);
}

/**
 * A page of many rows is found by putting all of the user's in order. It is read where searches are, so that nobody's other reads wait for
 * it, and these have half of the time.
 */
async function readResting<Value>(read: () => Promise<Value>): Promise<Value> {
  const startedAt = performance.now();
  const value = await read();
  const tookMs = performance.now() - startedAt;
  if (tookMs >= restsFromMs) await setTimeout(Math.min(tookMs, mostRestMs));
  return value;
}

const isTime = /(?:_at|until|since)$/;

/** The columns that are declared to be shown, and no others; with times that people can read. */
function readable(row: PersonalRow, shown: readonly string[]): PersonalRow {
  return Object.fromEntries(
    shown.map((name) => {
      const value = row[name] ?? null;
      return [name, isTime.test(name) && typeof value === "number" ? new Date(value).toISOString() : value];
    }),
  );
}

async function* rowsJson(pages: AsyncIterable<PersonalRow[]>, counter: { rows: number }): AsyncGenerator<string> {
  yield "[";
  for await (const rows of pages) {
    const lines = rows.map((row) => JSON.stringify(row)).join(",\n");
    yield (counter.rows === 0 ? "\n" : ",\n") + lines;
    counter.rows += rows.length;
  }
  yield "\n]\n";
}

/** The bytes of the user's files. One that is gone from the storage is left out, and the index says so. */
async function* uploads({ store, storage, goOn }: ExportSource, userId: number, index: IndexEntry[]) {
  let after = 0;
  for (;;) {
    goOn();
    const rows = await readResting(() => uploadsAfter(store.search, userId, after, pageSize));
    for (const row of rows) {
      const input = await storage.read(row.storage_key).catch(whenGone);
      const name = fileName(row);
      index.push({ kind: "files", name, count: input === null ? 0 : 1 });
      if (input) yield* untilTaken({ name, lastModified: new Date(row.created_at), input });
    }
    if (rows.length < pageSize) return;
    after = rows.at(-1)!.id;
  }
}

/** An export that ends in the middle leaves no file open. */
function* untilTaken<File extends ExportFile & { input: Readable }>(file: File): Generator<File> {
  try {
    yield file;
  } finally {
    file.input.destroy();
  }
}

function whenGone(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}

/** The picture that others see beside the user's name, and the banner of their profile. */
async function* ownPictures({ store, storage, now, goOn }: ExportSource, { id }: UserRow, index: IndexEntry[]) {
  goOn();
  const { picture, banner } = (await userById(store.db, id)) ?? {};
  for (const [what, stored] of Object.entries({ picture, banner })) {
    const input = stored && (await storage.read(stored).catch(whenGone));
    if (!input) continue;
    const name = `files/profile-${what}.webp`;
    index.push({ kind: "files", name, count: 1 });
    yield* untilTaken({ name, lastModified: new Date(now), input });
  }
}

/** The pictures of the GIFs that the user keeps. */
async function* favouriteGifs({ store, storage, goOn }: ExportSource, { id }: UserRow, index: IndexEntry[]) {
  for (const gif of await favouritesOf(store.db, id)) {
    goOn();
    const input = await storage.read(gif.picture_id).catch(whenGone);
    if (!input) continue;
    const name = `files/gif-${gif.id}.webp`;
    index.push({ kind: "files", name, count: 1 });
    yield* untilTaken({ name, lastModified: new Date(gif.created_at), input });
  }
}

/** With the number and the ending below the 255 bytes that most file systems take. */
const maxStemBytes = 160;

/** Windows takes none of these characters in a name. */
function fileName({ id, filename }: { id: number; filename: string }): string {
  const name = filename.replaceAll(/[<>:"|?*]/g, "_");
  const [ending = ""] = /\.[^.]{1,16}$/.exec(name) ?? [];
  const stem = Buffer.from(name.slice(0, name.length - ending.length));
  // A character that is cut in two becomes U+FFFD.
  const short = stem
    .subarray(0, maxStemBytes)
    .toString()
    .replace(/\uFFFD+$/, "");
  return `files/${id}-${short}${ending}`;
}
