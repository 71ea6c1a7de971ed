import type { Retention } from "@miscord/protocol";

/** A rule as `servers` and `channels` have it. */
export interface RetentionColumns {
  keep_message_days: number;
  keep_file_days: number;
  keep_file_mb: number;
}

export const retentionColumns = ["keep_message_days", "keep_file_days", "keep_file_mb"] as const;

/** Null where nothing is removed. */
export function retentionOf(row: RetentionColumns): Retention | null {
  const { keep_message_days: message_days, keep_file_days: file_days, keep_file_mb: file_mb } = row;
  return message_days === 0 && file_days === 0 ? null : { message_days, file_days, file_mb };
}

export function columnsOf({ message_days, file_days, file_mb }: Retention): RetentionColumns {
  return { keep_message_days: message_days, keep_file_days: file_days, keep_file_mb: file_mb };
}
