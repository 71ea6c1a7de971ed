import type { Generated, Selectable } from "kysely";

/** What people reported, with the evidence of then: neither an edit nor a deletion changes it. */
export interface ReportsTable {
  id: Generated<number>;
  /** Null for what happened in no server. */
  server_id: number | null;
  /** 1: for the administrators of the instance. 0: for the moderators of the server. */
  for_instance: number;
  reporter_id: number;
  /** Who is reported. */
  user_id: number;
  /** `message:ID` or `user:ID server:ID`; a reporter has one open report of a subject. */
  subject: string;
  message_id: number | null;
  /** Of the message; it may be gone. */
  channel_id: number | null;
  /** 1 when some member might not see the channel at the time. */
  restricted: number;
  /** JSON: a `ReportedMessage`; null for a report of a person. */
  evidence: string | null;
  reason: string;
  /** 1: the reporter is notified of the outcome. */
  notify: number;
  created_at: number;
  claimed_by: number | null;
  closed_by: number | null;
  closed_at: number | null;
  outcome: string | null;
  note: string | null;
}

/** Deletions of all that a user wrote in a server in a time; a row goes when they are done. */
export interface PurgesTable {
  id: Generated<number>;
  server_id: number;
  author_id: number;
  actor_id: number;
  since: number;
  until: number;
}

export type ReportRow = Selectable<ReportsTable>;
export type PurgeRow = Selectable<PurgesTable>;
