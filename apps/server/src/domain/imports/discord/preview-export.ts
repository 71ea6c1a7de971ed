import { batches } from "./export-batches.ts";
import type { ExportSource } from "./export-source.ts";
import { isThread, type GuildExport } from "./find-exports.ts";
import type { ExportedMessage } from "./format.ts";
import type { DiscordReport } from "./report.ts";

/** Names that are counted once each; of an absurd export the rest is not counted, so that memory stays bounded. */
const namesAtMost = 500_000;
const batchSize = 250;

interface Preview {
  source: ExportSource;
  report: DiscordReport;
  maxFileBytes: number;
  /** Called after each batch with the entries read so far; throws to end the preview. */
  pace: (read: number) => Promise<void>;
}

/** Counts what an import would read. Returns the number of entries of all files. */
export async function previewExport(preview: Preview, { channels }: GuildExport): Promise<number> {
  const counts = new Counts(preview);
  let read = 0;
  for (const { channel, files } of channels) {
    preview.report.made(isThread(channel) ? "threadsAndPosts" : "channels");
    for (const file of files) {
      let before = 0;
      for await (const { messages, entries } of batches(file, { ...preview, size: batchSize })) {
        for (const message of messages) await counts.add(file, message);
        read += entries - before;
        before = entries;
        await preview.pace(read);
      }
    }
  }
  counts.finish();
  return read;
}

class Counts {
  readonly #preview: Preview;
  readonly #authors = new Set<string>();
  readonly #emojis = new Map<string, string>();
  readonly #withoutPicture = new Map<string, string>();
  readonly #stickers = new Set<string>();

  constructor(preview: Preview) {
    this.#preview = preview;
  }

  async add(file: string, message: ExportedMessage): Promise<void> {
    const { report } = this.#preview;
    report.made("messages");
    this.#note(this.#authors, message.author.id);
    report.made(
      "reactions",
      message.reactions.reduce((sum, { count }) => sum + count, 0),
    );
    await this.#files(file, message);
    for (const emoji of [...message.inlineEmojis, ...message.reactions.map((one) => one.emoji)]) {
      if (emoji.id === "" || this.#emojis.has(emoji.id) || this.#emojis.size >= namesAtMost) continue;
      const isThere = (await this.#preview.source.find(file, emoji.imageUrl)) !== null;
      if (isThere) this.#emojis.set(emoji.id, emoji.name);
      else if (this.#withoutPicture.size < namesAtMost) this.#withoutPicture.set(emoji.id, emoji.name);
    }
    for (const { id, format } of message.stickers)
      if (id !== "" && !/^lottie$/i.test(format)) this.#note(this.#stickers, id);
  }

  finish(): void {
    const { report } = this.#preview;
    report.made("authors", this.#authors.size);
    report.made("emojis", this.#emojis.size);
    report.made("stickers", this.#stickers.size);
    for (const [id, name] of this.#withoutPicture) if (!this.#emojis.has(id)) report.lost("noEmojiPicture", name);
  }

  async #files(file: string, { attachments, forwardedMessage }: ExportedMessage): Promise<void> {
    const { report, source, maxFileBytes } = this.#preview;
    for (const { url, fileName } of [...attachments, ...(forwardedMessage?.attachments ?? [])]) {
      const found = await source.find(file, url);
      if (!found) report.lost("noMedia", fileName);
      else if (found.size > maxFileBytes) report.lost("tooLargeFiles", fileName);
      else {
        report.made("files");
        report.made("fileBytes", found.size);
      }
    }
  }

  #note(names: Set<string>, name: string): void {
    if (names.size < namesAtMost) names.add(name);
  }
}
