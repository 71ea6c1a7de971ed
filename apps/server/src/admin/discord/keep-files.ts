import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { limits } from "@miscord/protocol";
import type { Insertable, Kysely } from "kysely";
import { cleanFilename } from "../../domain/attachments/filename.ts";
import type { UploadInspector } from "../../domain/attachments/inspection.ts";
import type { AttachmentStorage } from "../../domain/attachments/storage.ts";
import { noteUnfinishedFile } from "../../store/queries/attachments.ts";
import type { AttachmentsTable, Tables } from "../../store/schema.ts";
import type { ExportedFile, ExportedMessage } from "./format.ts";
import type { Report } from "./report.ts";

export interface FileImport {
  db: Kysely<Tables>;
  storage: AttachmentStorage;
  inspector: UploadInspector;
  report: Report;
  /** Of the export, with all links resolved: nothing outside of it is read. */
  root: string;
  maxBytes: number;
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
    const path = files.kept.length < limits.attachmentsPerMessage ? await pathOf(to, exportFile, file) : null;
    if (path === null) {
      files.missing.push(name);
      to.report.lost("files that do not lie in the folder: export with --media", name);
    } else if (path.size > to.maxBytes) {
      files.missing.push(name);
      to.report.lost("files that are larger than uploads may be", name);
    } else files.kept.push({ ...(await keep(to, path.path)), filename: name, ordinal: files.kept.length });
  }
  return files;
}

/** Null: no file, or one outside of the export's folder, which a made-up path or a link would lead to. */
async function pathOf(
  { root }: FileImport,
  exportFile: string,
  { url }: ExportedFile,
): Promise<{ path: string; size: number } | null> {
  if (url === "" || url.includes("\0") || /^[a-z][a-z\d+.-]+:\/\//i.test(url)) return null;
  try {
    const path = await realpath(resolve(dirname(exportFile), url.replaceAll("\\", sep)));
    if (!path.startsWith(root + sep)) return null;
    const found = await stat(path);
    return found.isFile() ? { path, size: found.size } : null;
  } catch {
    return null;
  }
}

async function keep(
  { db, storage, inspector }: FileImport,
  path: string,
): Promise<Omit<KeptFile, "filename" | "ordinal">> {
  const key = randomBytes(18).toString("base64url");
  const received = await storage.receive(key, createReadStream(path));
  const inspection = await inspector.inspect({ ...received, declaredType: textName.test(path) ? "text/plain" : "" });
  await noteUnfinishedFile(db, key, Date.now() + unfinishedMs);
  await storage.keep(key);
  return {
    storage_key: key,
    size: inspection.size,
    content_type: inspection.contentType,
    width: inspection.width ?? null,
    height: inspection.height ?? null,
  };
}
