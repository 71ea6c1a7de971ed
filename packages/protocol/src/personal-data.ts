import { z } from "zod";
import { dataKinds } from "./data-kinds.ts";
import { id, isoTime } from "./model.ts";

/** `failed`: it was begun several times and came to no end. */
export const exportStatus = z.enum(["waiting", "running", "ready", "failed"]);

/** A copy of all that an account has, as one ZIP. */
export const dataExport = z.object({
  /** Random. */
  id: z.string(),
  status: exportStatus,
  created_at: isoTime,
  /** Of a ready one: when the file is removed. */
  expires_at: isoTime.nullable(),
  /** Bytes, once it is ready. */
  size: z.number().int().nonnegative().nullable(),
  /** Opens for its user alone, with the files cookie or a bearer token, until it expires. */
  file_url: z.string().nullable(),
});
/** The newest first. `next_at`: when another one may be asked for; null: now. */
export const exportList = z.object({ exports: z.array(dataExport), next_at: isoTime.nullable() });

/**
 * One line of what is kept. `kept`: until the account is deleted, until its user removes the thing itself, for `days`
 * days, or until newer lines take its place in files of a fixed size (`rotation`). `on_deletion`: what becomes of it with the account: it is `erased`, stays without a name (`nameless`), or either,
 * as the user chooses (`chosen`); `expires`: it goes after `days` all the same.
 */
export const dataLine = z.object({
  kind: z.enum(dataKinds),
  kept: z.enum(["account", "removed", "days", "rotation"]),
  days: z.number().int().positive().nullable(),
  exported: z.boolean(),
  on_deletion: z.enum(["erased", "nameless", "chosen", "expires"]),
});
export const dataInventory = z.object({ lines: z.array(dataLine) });

/** `messages`: `keep` leaves them without a name, `remove` deletes them and their files. */
export const deletionBody = z.object({
  messages: z.enum(["keep", "remove"]),
});
/** The member who owns the server from now on. */
export const ownerBody = z.object({ user_id: id });
/** Until then logging in offers to keep the account. */
export const deletion = z.object({ at: isoTime, messages: z.enum(["keep", "remove"]) });

export type DataExport = z.infer<typeof dataExport>;
export type ExportStatus = z.infer<typeof exportStatus>;
export type ExportList = z.infer<typeof exportList>;
export type DataLine = z.infer<typeof dataLine>;
export type DataInventory = z.infer<typeof dataInventory>;
export type DeletionBody = z.infer<typeof deletionBody>;
export type OwnerBody = z.infer<typeof ownerBody>;
export type Deletion = z.infer<typeof deletion>;
