import { Client, types as standardTypes, type ClientConfig, type CustomTypesConfig } from "pg";

/** Within this a connection is made. */
export const connectTimeoutMs = 5_000;
/** The database ends a statement that runs or waits for a lock longer, and a transaction that is idle longer. */
const statementTimeoutMs = 10_000;
/** Later than the database's own limit: applies when the network swallows the answer. */
export const answerTimeoutMs = 15_000;

/** `int8` and `numeric` (sums of `int8`) become numbers: ids, times, positions and sizes are below 2^53. */
const numbers: ReadonlySet<number> = new Set([20, 1_700]);
const types: CustomTypesConfig = {
  getTypeParser: (oid, format) => (numbers.has(oid) ? Number : standardTypes.getTypeParser(oid, format)),
};

/** Settings of every connection. Options in the URL take precedence. */
export function connectionSettings(url: string): ClientConfig {
  return {
    connectionString: url,
    types,
    application_name: "miscord",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
  };
}

/** For work that may take long: migrations, and the lock of a node, which lasts as long as the node. */
export function patientSettings(url: string): ClientConfig {
  return { ...connectionSettings(url), statement_timeout: 0, idle_in_transaction_session_timeout: 0 };
}

/** Connected, with a listener for errors: a connection that fails while idle would end the process otherwise. */
export async function connect(settings: ClientConfig): Promise<Client> {
  const client = new Client(settings);
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
  return client;
}
