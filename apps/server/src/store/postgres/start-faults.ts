import { Client, DatabaseError as ServerError } from "pg";
import { AppError } from "../../errors.ts";
import { StartupError } from "../../startup-error.ts";
import { DatabaseError } from "../sql-dialect.ts";
import { connectionSettings } from "./connection-settings.ts";
import { codeOf, isLostConnection } from "./database-errors.ts";

/** The fault as one sentence for the operator, without the password; errors that nobody expects stay as they are. */
export function explainStart(error: unknown, url: string): unknown {
  if (error instanceof StartupError || !(error instanceof Error)) return error;
  // The data of a newer version.
  if (error instanceof AppError && error.cause === undefined) return error;
  const cause = error instanceof AppError ? error.cause : error;
  if (!isExpected(cause)) return error;
  const sentence = sentenceOf(cause, url);
  return sentence === null ? error : new StartupError(sentence, { cause });
}

/** Errors of the server, of the system and of the client library; not those of a command line, nor faults of this code. */
function isExpected(error: unknown): boolean {
  if (error instanceof ServerError || error instanceof DatabaseError) return true;
  return error instanceof Error && error.name === "Error";
}

function sentenceOf(error: unknown, url: string): string | null {
  const client = targetOf(url);
  if (!client) return "DATABASE_URL is not a valid address of a PostgreSQL database.";
  const { host, port, user, database } = client;
  const server = `PostgreSQL at ${host}:${port}`;
  const text = error instanceof Error ? withoutPassword(error.message, client) : "";
  switch (codeOf(error)) {
    case "28P01":
    case "28000":
      return `${server} does not admit the user "${user}" (${text}): check the user and the password in DATABASE_URL.`;
    case "3D000":
      return `${server} has no database "${database}": create it, with the user "${user}" as its owner.`;
    case "42501":
      return `The user "${user}" lacks rights in the database "${database}" (${text}): make this user its owner.`;
    case "53300":
      return `${server} has no connection left: raise its max_connections, or lower DATABASE_POOL.`;
    case "57P03":
      return `${server} is starting or stopping (${text}): try again in a moment.`;
    case "08P01":
      return `${server} refuses the connection (${text}); PgBouncer needs "ignore_startup_parameters = statement_timeout, idle_in_transaction_session_timeout".`;
  }
  if (error instanceof ServerError || error instanceof DatabaseError) return `${server} reports: ${text}.`;
  const reason = codeOf(error) || text;
  // The latter: SCRAM without a password, TLS, a certificate.
  return isLostConnection(error) ? `${server} cannot be reached (${reason}).` : `${server} cannot be used: ${text}.`;
}

/** A client that is never connected: it knows host, port, user and database as the library reads them from the URL. */
function targetOf(url: string): Client | null {
  try {
    return new Client(connectionSettings(url));
  } catch {
    return null;
  }
}

function withoutPassword(text: string, { password }: Client): string {
  return typeof password === "string" && password !== "" ? text.replaceAll(password, "…") : text;
}
