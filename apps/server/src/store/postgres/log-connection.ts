import type pg from "pg";
import type { Clock } from "../../clock.ts";
import { setDeadline } from "../../concurrency/deadline.ts";
import type { LogCommand, LogOutcome } from "../contract.ts";
import { decide } from "../log/decide.ts";
import { factsOf } from "../log/facts.ts";
import { DatabaseError } from "../sql-dialect.ts";
import { answerTimeoutMs, connect } from "./connection-settings.ts";
import { codeOf, explain, isConflict, isLostConnection, outdatedPlan, unavailable } from "./database-errors.ts";
import { readFacts } from "./log-statements.ts";
import { writeChanges } from "./log-writes.ts";
import { Pipeline } from "./pipeline.ts";

export interface LogConnectionOptions {
  settings: pg.ClientConfig;
  clock: Clock;
  /** Runs on each new connection before it is used; when it rejects, the connection is closed and made again. */
  prepare: (client: pg.Client) => Promise<void>;
  onLost: () => void;
  /** Called when a lost connection has been replaced. */
  onReconnected: () => void;
}

/** Attempts at one batch; see `isRepeatable`. */
const attempts = 4;
/** How long a batch waits for a lost connection to come back, before it rejects and the circuit breaker counts it. */
const patienceMs = 2_000;
const retryMs = { first: 50, last: 2_000 };

/**
 * The log's only connection. Statements are pipelined: a batch takes two round trips. When the connection is lost, the
 * batch under way rejects, and the connection is made again until it succeeds.
 */
export class LogConnection {
  readonly #options: LogConnectionOptions;
  #pipeline: Pipeline | null = null;
  /** Resolves when a lost connection is back. */
  #returning: PromiseWithResolvers<void> = Promise.withResolvers();
  #lastError: unknown = null;
  #closed = false;

  constructor(options: LogConnectionOptions) {
    this.#options = options;
  }

  /** Makes the first connection; rejects with its error. */
  async open(): Promise<void> {
    this.#use(await this.#connect());
  }

  /** Commits the commands in one transaction. Rejects with a DatabaseError, or `unavailable` when the outcome is unknown. */
  async transact(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
    for (let attempt = 1; ; attempt += 1) {
      const pipeline = await this.#available();
      try {
        return await this.#watched(pipeline, () => runTransaction(pipeline, commands));
      } catch (error) {
        if (!isRepeatable(error) || attempt === attempts) throw explain(error);
      }
    }
  }

  async ping(): Promise<void> {
    const pipeline = this.#pipeline;
    if (!pipeline) throw unavailable(this.#lastError);
    await this.#watched(pipeline, () => pipeline.query(statements.ping)).catch((error: unknown) => {
      throw explain(error);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const pipeline = this.#pipeline;
    this.#pipeline = null;
    this.#returning.resolve();
    await pipeline?.client.end();
  }

  async #available(): Promise<Pipeline> {
    if (!this.#pipeline && !this.#closed) {
      const timeout = Promise.withResolvers<void>();
      const timer = this.#options.clock.setTimeout(timeout.resolve, patienceMs);
      await Promise.race([this.#returning.promise, timeout.promise]);
      timer.cancel();
    }
    if (!this.#pipeline) throw unavailable(this.#lastError);
    return this.#pipeline;
  }

  /** Gives the connection up when the work shows that it is lost, or gets no answer. */
  async #watched<Value>({ client }: Pipeline, work: () => Promise<Value>): Promise<Value> {
    const silent = () => this.#lost(client, new Error(`No answer within ${answerTimeoutMs} ms.`));
    const timer = setDeadline(this.#options.clock, silent, answerTimeoutMs);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseError) && isLostConnection(error)) this.#lost(client, error);
      throw error;
    } finally {
      timer.cancel();
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = await connect(this.#options.settings);
    try {
      await this.#options.prepare(client);
      return client;
    } catch (error) {
      void client.end().catch(() => {});
      throw error;
    }
  }

  #use(client: pg.Client): void {
    if (this.#closed) return void client.end().catch(() => {});
    this.#pipeline = new Pipeline(client);
    client.on("error", (error) => this.#lost(client, error));
    client.on("end", () => this.#lost(client, new Error("The connection was closed.")));
    this.#returning.resolve();
  }

  #lost(client: pg.Client, error: unknown): void {
    if (this.#pipeline?.client !== client) return;
    this.#pipeline = null;
    this.#lastError = error;
    this.#options.onLost();
    this.#returning = Promise.withResolvers();
    // Rejects the queries that still wait for an answer.
    void client.end().catch(() => {});
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { clock, onReconnected } = this.#options;
    for (let waitMs = retryMs.first; !this.#closed; waitMs = Math.min(2 * waitMs, retryMs.last)) {
      try {
        this.#use(await this.#connect());
        return onReconnected();
      } catch (error) {
        this.#lastError = error;
      }
      // Jitter, so that the nodes do not come back in step.
      const jitteredMs = waitMs * (0.5 + Math.random() / 2);
      await new Promise<void>((resolve) => clock.setTimeout(resolve, jitteredMs));
    }
  }
}

/**
 * Besides conflicts: another node stored the same nonce first (23505), and running the batch again finds its message; a
 * node of a newer version has added a column.
 */
function isRepeatable(error: unknown): boolean {
  return isConflict(error) || ["23505", outdatedPlan].includes(codeOf(error));
}

/**
 * Every statement of the log looks rows up by their keys in an index, so one plan fits all batches. Otherwise a tenth of
 * the database's time goes into planning, and a plan from the time when a table was small reads the whole table until its
 * statistics follow. Within the transaction only, since a pooler may give the connection to others.
 */
const plans = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  jit: "off",
};

const statements = {
  begin: { name: "begin", text: "begin" },
  plan: {
    name: "plan",
    text: `select ${Object.entries(plans)
      .map(([name, value]) => `set_config('${name}', '${value}', true)`)
      .join(", ")}`,
  },
  commit: { name: "commit", text: "commit" },
  rollback: { name: "rollback", text: "rollback" },
  ping: { name: "ping", text: "select 1" },
};

async function runTransaction(pipeline: Pipeline, commands: readonly LogCommand[]): Promise<LogOutcome[]> {
  try {
    const [, , rows] = await Promise.all([
      pipeline.query(statements.begin),
      pipeline.query(statements.plan),
      readFacts(pipeline, commands),
    ]);
    const { outcomes, changes } = decide(factsOf(rows), commands);
    const written = writeChanges(pipeline, changes);
    const committed = pipeline.query(statements.commit);
    await Promise.all([...written, committed]);
    // The commit of an aborted transaction succeeds, with the command tag ROLLBACK.
    if ((await committed).command !== "COMMIT") throw new DatabaseError("other", "The batch was rolled back.");
    return outcomes;
  } catch (error) {
    void pipeline.query(statements.rollback).catch(() => {});
    throw error;
  }
}
