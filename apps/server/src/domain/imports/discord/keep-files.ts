import { randomBytes } from "node:crypto";
import { limits } from "@miscord/protocol";
import type { Insertable, Kysely } from "kysely";
import { cleanFilename } from "../../attachments/filename.ts";
import type { UploadInspector } from "../../attachments/inspection.ts";
import type { AttachmentStorage } from "../../attachments/storage.ts";
import { noteUnfinishedFile } from "../../../store/queries/attachments.ts";
import type { AttachmentsTable, Tables } from "../../../store/schema.ts";
import type { ExportSource } from "./export-source.ts";
import type { ExportedMessage } from "./format.ts";
import type { DiscordReport } from "./report.ts";

export interface FileImport {
  db: Kysely<Tables>;
  storage: AttachmentStorage;
  inspector: UploadInspector;
  report: DiscordReport;
  source: Pick<ExportSource, "find" | "open">;
  maxBytes: number;
  /** Throws when the disk has no room for so many bytes. */
  requireRoom?: (bytes: number) => Promise<void>;
}

/** A file in the storage, of which the row of `removed_files` is to be taken away with `insertAttachment`. */
type KeptFile = Omit<Insertable<AttachmentsTable>, "uploader_id" | "message_id" | "created_at">;

export interface Files {
  kept: KeptFile[];
  /** Names of those that are not there. */
  missing: string[];
}

/** Longer than a batch of messages takes. */
const unfinishedMs = 24 * 3_600_000;
/** By its bytes a text is like any other file. */
const textName = /\.(?:txt|md|log|csv|json)$/i;

/**
 * Inspects and keeps the files of a message that lie beside the export, as an upload would be. A run that ends before their
 * message is imported leaves them to the sweep of unfinished uploads.
 */
export async function keepFiles(to: FileImport, exportFile: string, message: ExportedMessage): Promise<Files> {
  const all = [...message.attachments, ...(message.forwardedMessage?.attachments ?? [])];
  const files: Files = { kept: [], missing: [] };
  for (const file of all) {
    const name = cleanFilename(file.fileName || "file");
    const path = files.kept.length < limits.attachmentsPerMessage ? await to.source.find(exportFile, file.url) : null;
    if (path === null) {
      files.missing.push(name);
      to.report.lost("noMedia", name);
    } else if (path.size > to.maxBytes) {
      files.missing.push(name);
      to.report.lost("tooLargeFiles", name);
    } else files.kept.push({ ...(await keep(to, path)), filename: name, ordinal: files.kept.length });
  }
  return files;
}

async function keep(
  { db, storage, inspector, source, requireRoom }: FileImport,
  { path, size }: { path: string; size: number },
): Promise<Omit<KeptFile, "filename" | "ordinal">> {
  await requireRoom?.(size);
  const key = randomBytes(18).toString("base64url");
  const received = await storage.receive(key, await source.open(path));
  const inspection = await inspector.inspect({ ...received, declaredType: textName.test(path) ? "text/plain" : "" });
  await noteUnfinishedFile(db, key, Date.now() + unfinishedMs);
  await storage.keep(key);
  return {
    storage_key: key,
    size: inspection.size,
    content_type: inspection.contentType,
    width: inspection.width ?? null,
    height: inspection.height ?? null,
    animated: inspection.isAnimated ? 1 : 0,
  };
}
