import type { ImportReport, InstanceImport, User } from "@miscord/protocol";
import type { ImportRow } from "../../store/import-tables.ts";
import type { Position } from "./discord/import-channel.ts";

/** What is kept of a preview. */
export type Preview = NonNullable<InstanceImport["preview"]>;
/** What is kept of how far an import has come; all but `at` as in `ChannelImport`. */
export interface StoredPosition {
  at: Position;
  left: readonly string[];
  changed: readonly number[];
  started: readonly number[];
}

export function presentImport(row: ImportRow, creator: User): InstanceImport {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const { id, files: count, bytes, received, total } = row;
  return {
    id,
    status: row.status as InstanceImport["status"],
    created_at: new Date(row.created_at).toISOString(),
    created_by: creator,
    finished_at: time(row.finished_at),
    expires_at: time(row.expires_at),
    files: { count, bytes, received },
    progress: { done: positionOf(row)?.at.read ?? 0, total },
    preview: row.preview === null ? null : (JSON.parse(row.preview) as Preview),
    report: reportOf(row) ?? null,
    fault: row.fault as InstanceImport["fault"],
    server_id: row.announce === "server" ? null : row.server_id,
  };
}

export function positionOf({ position }: Pick<ImportRow, "position">): StoredPosition | undefined {
  return position === null ? undefined : (JSON.parse(position) as StoredPosition);
}

export function reportOf({ report }: Pick<ImportRow, "report">): ImportReport | undefined {
  return report === null ? undefined : (JSON.parse(report) as ImportReport);
}
