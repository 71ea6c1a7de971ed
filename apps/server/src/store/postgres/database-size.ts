import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";

/** What PostgreSQL says of its database. */
export interface ServedDatabase {
  readonly bytes: number;
  /** Its folder, if the server is on this machine and shows it to this role. */
  readonly folder: string | null;
}

interface Row {
  bytes: string;
  /** Null over a Unix socket. */
  address: string | null;
  folder: string | null;
}

/** Of a PostgreSQL database. Reads the sizes of its files, so it is not for every minute. */
export async function readServedDatabase(db: Kysely<Tables>): Promise<ServedDatabase> {
  // A setting that the role may not read is missing from the view, while current_setting would fail.
  const { rows } = await sql<Row>`select pg_database_size(current_database())::text as bytes,
    host(inet_server_addr()) as address,
    (select setting from pg_settings where name = 'data_directory') as folder`.execute(db);
  const { bytes, address, folder } = rows[0]!;
  const isHere = address === null || address === "::1" || address.startsWith("127.");
  return { bytes: Number(bytes), folder: isHere ? folder : null };
}
