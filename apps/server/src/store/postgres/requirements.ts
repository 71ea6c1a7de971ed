import type pg from "pg";
import { StartupError } from "../../startup-error.ts";
import { connect, connectionSettings } from "./connection-settings.ts";
import { codeOf } from "./database-errors.ts";

const oldestVersion = 150_000;

export interface ServerFacts {
  /** As in `server_version_num`: 150018 is 15.18. */
  version: number;
  encoding: string;
  isStandby: boolean;
  /** Null: no schema of the search path exists. */
  schema: string | null;
  mayCreate: boolean | null;
  user: string;
  database: string;
}

/** Throws a StartupError unless Miscord can work with this server, database and user. */
export async function requireUsable(url: string): Promise<void> {
  const client = await connect(connectionSettings(url));
  try {
    const fault = requirementFault(await readFacts(client));
    if (fault) throw new StartupError(fault);
    await requirePreparedStatements(url, client);
  } finally {
    await client.end();
  }
}

/** What keeps Miscord from working with this server, as a sentence; null when nothing does. */
export function requirementFault(facts: ServerFacts): string | null {
  const { version, encoding, schema, user, database } = facts;
  if (version < oldestVersion) {
    return `DATABASE_URL leads to PostgreSQL ${Math.floor(version / 10_000)}; Miscord needs version 15 or newer.`;
  }
  if (encoding !== "UTF8") {
    return `The database "${database}" has the encoding ${encoding}; Miscord needs one that was created with UTF8.`;
  }
  if (facts.isStandby) return "DATABASE_URL leads to a standby, which cannot be written to; it must name the primary.";
  if (schema === null || !facts.mayCreate) {
    const where = `the schema "${schema ?? "public"}" of the database "${database}"`;
    return `The user "${user}" may not create tables in ${where}: make this user the owner of the database.`;
  }
  return null;
}

async function readFacts(client: pg.Client): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
       pg_is_in_recovery() as "isStandby", current_schema()::text as schema, current_user::text as "user",
       current_database()::text as database, has_schema_privilege(current_schema(), 'create') as "mayCreate"`,
  );
  return rows[0]!;
}

const probe = { name: "miscord-probe", text: "select 1" };
/** Prepared statement that does not exist, or that exists already. */
const forgetful: ReadonlySet<string> = new Set(["26000", "42P05"]);

/**
 * A pooler that lends its connections by transaction gives the second client the first one's connection, and the first
 * one another, while the second is in a transaction. One that does not follow named statements then fails.
 */
async function requirePreparedStatements(url: string, first: pg.Client): Promise<void> {
  const second = await connect(connectionSettings(url));
  try {
    await first.query(probe);
    await second.query("begin");
    await second.query(probe);
    await first.query(probe);
    await second.query("commit");
  } catch (error) {
    if (!forgetful.has(codeOf(error))) throw error;
    throw new StartupError(
      "DATABASE_URL leads to a pooler that loses prepared statements, as PgBouncer before 1.21 does in transaction mode: " +
        "name PostgreSQL itself, or use pool_mode=session or a newer PgBouncer.",
    );
  } finally {
    void second.end().catch(() => {});
  }
}
