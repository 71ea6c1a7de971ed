import pg from "pg";

/** Within this a connection is made, and a query of the pool gets one. */
export const connectTimeoutMs = 5_000;
/** The database ends a statement that runs or waits for a lock longer, and a transaction that is idle longer. */
export const statementTimeoutMs = 10_000;
/** Later than the database's own limit: applies when the network swallows the answer. */
export const answerTimeoutMs = 15_000;

const int8 = 20;
const numeric = 1_700;

/** `int8` and `numeric` (sums of `int8`) become numbers: ids, times, positions and sizes are below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text") =>
    oid === int8 || oid === numeric ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Settings of every connection. Options in the URL take precedence. */
export function connectionSettings(url: string): pg.ClientConfig {
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
export function patientSettings(url: string): pg.ClientConfig {
  return { ...connectionSettings(url), statement_timeout: 0, idle_in_transaction_session_timeout: 0 };
}

/** Connected, with a listener for errors: a connection that fails while idle would end the process otherwise. */
export async function connect(settings: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(settings);
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
  return client;
}
