import type { DataKind, Locale } from "@miscord/protocol";
import { chunks } from "../../chunks.ts";
import { Turns } from "../../concurrency/turns.ts";
import type { PersonalRow } from "../../store/queries/personal-rows.ts";
import { exportTexts } from "./export-texts.ts";

const turnMs = 5;
/** Of the index. */
const itemsAtOnce = 20;

/** A message as its author takes it along. */
export interface ExportedMessage {
  id: number;
  sent_at: string;
  edited_at: string | null;
  content: string;
  reply_to_id: number | null;
  /** Names are null of what the user does not see any more. */
  server: { id: number; name: string | null } | null;
  channel: { id: number; type: string; name: string | null };
  /** Of a private channel: the usernames of its other people. Empty once the user has left it. */
  with: string[];
  /** Names in the ZIP. */
  files: string[];
  forwarded?: DatedText;
  poll_answers?: string[];
  /** What it said before it was edited, the first text first. */
  earlier_texts?: DatedText[];
}

interface DatedText {
  content: string;
  written_at: string;
}

/** What the index of an export leads to. `count`: rows or messages; of a file 0 when its bytes are gone. */
export interface IndexEntry {
  kind: DataKind;
  /** Of the files in the ZIP, without their endings; of an upload with it. */
  name: string;
  count: number;
  from?: string;
  to?: string;
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1e26;background:#fff}
table{border-collapse:collapse;width:100%;font-size:.9rem}td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
article{border-top:1px solid #ddd;padding:.6rem 0}p{white-space:pre-wrap;overflow-wrap:anywhere;margin:.2rem 0}small{color:#555}
@media(prefers-color-scheme:dark){body{color:#e6e6ea;background:#1b1c22}small{color:#a9abb5}a{color:#8fb4ff}}`;

function head(locale: Locale, title: string): string {
  return `<!doctype html><html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escape(title)}</title><style>${style}</style><h1>${escape(title)}</h1>\n`;
}

export async function* messagesPage(locale: Locale, messages: AsyncIterable<ExportedMessage>): AsyncGenerator<string> {
  const t = exportTexts[locale];
  const turns = new Turns(turnMs);
  yield `${head(locale, t.kinds.messages)}<p><a href="../index.html">${t.back}</a></p>`;
  for await (const message of messages) {
    const { server, channel } = message;
    const place = server
      ? `${server.name ?? server.id} › ${channel.name ?? channel.id}`
      : `${t.private}: ${message.with.join(", ")}`;
    const edited = message.edited_at === null ? "" : ` · ${t.edited} ${when(message.edited_at)}`;
    const files = message.files.map((name) => `<p><a href="../${href(name)}">${escape(name)}</a></p>`).join("");
    yield `<article><small>${when(message.sent_at)} · ${escape(place)}${edited}</small><p>${escape(message.content)}</p>${besides(message)}`;
    for (const text of message.earlier_texts ?? []) {
      yield `<p><del>${dated(text)}</del></p>`;
      await turns.pause();
    }
    yield `${files}</article>\n`;
  }
}

function dated({ content, written_at }: DatedText): string {
  return `<small>${when(written_at)}</small> ${escape(content)}`;
}

function besides({ forwarded, poll_answers = [] }: ExportedMessage): string {
  const answers = poll_answers.map((answer) => `<li>${escape(answer)}</li>`).join("");
  return [forwarded ? `<blockquote>${dated(forwarded)}</blockquote>` : "", answers && `<ol>${answers}</ol>`].join("");
}

export async function* rowsPage(
  locale: Locale,
  name: string,
  pages: AsyncIterable<PersonalRow[]>,
): AsyncGenerator<string> {
  yield `${head(locale, name)}<p><a href="../index.html">${exportTexts[locale].back}</a></p><table>`;
  let isFirst = true;
  for await (const rows of pages) {
    if (isFirst) yield line("th", Object.keys(rows[0]!));
    isFirst = false;
    for (const row of rows) yield line("td", Object.values(row));
  }
  yield "</table>";
}

function line(cell: "td" | "th", values: readonly (string | number | null)[]): string {
  return `<tr>${values.map((value) => `<${cell}>${escape(String(value ?? ""))}</${cell}>`).join("")}</tr>\n`;
}

/** In parts: there may be hundreds of thousands of files. */
export async function* indexPage(
  locale: Locale,
  { name, at, index }: { name: string; at: number; index: readonly IndexEntry[] },
): AsyncGenerator<string> {
  const t = exportTexts[locale];
  const turns = new Turns(turnMs);
  yield `${head(locale, `${t.title} @${name}`)}<p>${t.intro} ${when(new Date(at).toISOString())}</p>`;
  for (const [kind, entries] of Map.groupBy(index, (entry) => entry.kind)) {
    yield `<h2>${t.kinds[kind]}</h2><ul>`;
    for (const some of chunks(entries, itemsAtOnce)) {
      yield some.map((entry) => `<li>${itemOf(locale, entry)}</li>\n`).join("");
      await turns.pause();
    }
    yield "</ul>\n";
  }
}

function itemOf(locale: Locale, { kind, name, count, from, to }: IndexEntry): string {
  const t = exportTexts[locale];
  if (kind === "files" && !name.startsWith("data/")) {
    return count === 0 ? `${escape(name)} — ${t.gone}` : `<a href="${href(name)}">${escape(name)}</a>`;
  }
  const span = from && to ? `, ${when(from)} – ${when(to)}` : "";
  const links = `<a href="${href(`${name}.html`)}">${escape(name)}</a> (<a href="${href(`${name}.json`)}">JSON</a>)`;
  return `${links}: ${count}${span}`;
}

function when(iso: string): string {
  return `<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

function href(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
