import type { Generated } from "kysely";

/** What administrators did to the instance. The database refuses to change a row. */
export interface InstanceLogTable {
  id: Generated<number>;
  actor_id: number;
  action: string;
  /** Whom it concerns. */
  user_id: number | null;
  /** JSON: a list of `AuditChange`. */
  changes: string;
  created_at: number;
}

/** Accounts that nobody can log in to: they wait for an administrator, or were refused. */
export interface ApplicationsTable {
  user_id: number;
  /** `waiting` or `refused`. */
  state: string;
  reason: string;
  /** What the applicant is told of a refusal. */
  note: string | null;
  created_at: number;
}
