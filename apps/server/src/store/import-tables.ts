import type { Generated, Selectable } from "kysely";

export interface ImportTables {
  imports: ImportsTable;
  import_files: ImportFilesTable;
  import_parts: ImportPartsTable;
}

/** An export of another system that administrators have uploaded. */
interface ImportsTable {
  /** Random. */
  id: string;
  /** Who created it, and owns the server that it becomes. */
  user_id: number;
  /** From where: `discord`. */
  origin: Generated<string>;
  /** `uploading`, `reading`, `ready`, `running`, `done`, `failed` or `cancelled`. */
  status: string;
  /** How often it was begun: whoever began it earlier finds that another has taken over. */
  attempts: Generated<number>;
  /** Of the attempts those that came to no step. */
  failures: Generated<number>;
  created_at: number;
  finished_at: number | null;
  /** When something is to be done for it: what, its status says. */
  due_at: number;
  /** When its row goes, and what is left of its files. */
  expires_at: number | null;
  /** Wanted for the server; null: that of the export. */
  name: string | null;
  server_id: number | null;
  /**
   * What is to be told once the import has ended: `server`, which the import has made and its owner does not see yet, or
   * `changes` of a server that was there; null: nothing.
   */
  announce: string | null;
  /** Files that were announced, and their bytes, of which these have come. */
  files: Generated<number>;
  bytes: Generated<number>;
  received: Generated<number>;
  /** Entries of the export; null: unknown. */
  total: number | null;
  /** JSON: what the preview found; null: there is none. */
  preview: string | null;
  /** JSON: how far it has come; null: it was not begun. */
  position: string | null;
  /** JSON: what it has made and left out so far. */
  report: string | null;
  /** Code of the reason why it cannot go on. */
  fault: string | null;
}

/** A file of an upload: `path` is a text, and nothing on a disk is called by it. */
interface ImportFilesTable {
  import_id: string;
  path: string;
  /** Which of the bytes of all files is its first. */
  start: number;
  size: number;
}

/** A part of the bytes of all files, one after the other. */
interface ImportPartsTable {
  import_id: string;
  start: number;
  size: number;
  storage_key: string;
}

export type ImportRow = Selectable<ImportsTable>;
export type ImportFileRow = Selectable<ImportFilesTable>;
export type ImportPartRow = Selectable<ImportPartsTable>;
