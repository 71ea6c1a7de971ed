import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { connect, connectionSettings } from "./connection-settings.ts";
import { Pipeline, type Statement } from "./pipeline.ts";

let postgres: TestPostgres;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
  url = postgres.createDatabase();
});
afterAll(() => postgres.dispose());

const one: Statement = { name: "one", text: "select 1 as value" };
const impossible: Statement = { name: "impossible", text: "select 1 / $1::int as value" };
const mistaken: Statement = { name: "mistaken", text: "select nothing from nowhere" };
const echo = (values: unknown[]): Statement => ({
  name: "echo",
  text: "select n, t from unnest($1::bigint[], $2::text[]) k(n, t)",
  values,
});

describe("statements of one connection", () => {
  test("that are asked for in one turn are answered together, in their order, and prepared once", async () => {
    const { pipeline, answers, client } = await open();
    const numbers = [1, 2 ** 40];
    const texts = ['a "quoted" \\ {text}', null];
    const ask = () => Promise.all([pipeline.query(one), pipeline.query(echo([numbers, texts])), pipeline.query(one)]);
    for (let round = 1; round <= 3; round += 1) {
      const [first, second, third] = await ask();
      expect([first, third].map(({ rows }) => rows)).toEqual([[{ value: 1 }], [{ value: 1 }]]);
      expect(second.rows).toEqual(numbers.map((n, index) => ({ n, t: texts[index] })));
      expect(answers()).toBe(round);
    }
    expect(await pipeline.query({ name: "nothing", text: "select 1 as value where false" })).toEqual({
      rows: [],
      command: "SELECT",
    });
    const prepared = await pipeline.query<{ name: string }>({
      name: "all",
      text: "select name from pg_prepared_statements",
    });
    expect(prepared.rows.map(({ name }) => name).sort()).toEqual(["all", "echo", "nothing", "one"]);
    await client.end();
  });

  test("reject from the first one that fails, and the connection goes on", async () => {
    const { pipeline, client } = await open();
    for (const [failing, code] of [
      [{ ...impossible, values: [0] }, "22012"],
      [mistaken, "42P01"],
    ] as const) {
      for (let round = 1; round <= 2; round += 1) {
        const results = await Promise.allSettled([one, failing, one].map((statement) => pipeline.query(statement)));
        expect(results[0]).toMatchObject({ status: "fulfilled", value: { rows: [{ value: 1 }] } });
        expect(results.slice(1)).toMatchObject([1, 2].map(() => ({ status: "rejected", reason: { code } })));
      }
    }
    expect((await pipeline.query({ ...impossible, values: [1] })).rows).toEqual([{ value: 1 }]);
    await client.end();
  });

  test("that return other columns than before fail once, and are prepared anew", async () => {
    const { pipeline, client } = await open();
    const all: Statement = { name: "all", text: "select * from growing" };
    await pipeline.query({ name: "create", text: "create table growing as select 1 as first" });
    await pipeline.query(all);
    await pipeline.query({ name: "alter", text: "alter table growing add column second int default 2" });
    await expect(pipeline.query(all)).rejects.toMatchObject({ code: "0A000" });
    expect((await pipeline.query(all)).rows).toEqual([{ first: 1, second: 2 }]);
    // What a pooler does, which gives each transaction another connection and prepares the statement there.
    await pipeline.query({ name: "again", text: "alter table growing add column third int default 3" });
    await pipeline.query({ name: "forget", text: 'deallocate "all"' });
    await pipeline.query({ name: "prepare", text: 'prepare "all" as select * from growing' });
    await expect(pipeline.query(all)).rejects.toMatchObject({ code: "0A000" });
    expect((await pipeline.query(all)).rows).toEqual([{ first: 1, second: 2, third: 3 }]);
    await client.end();
  });

  test("reject when the connection is lost, those that wait as well", async () => {
    const { pipeline, client } = await open();
    const [{ pid }] = (await pipeline.query<{ pid: number }>({ name: "pid", text: "select pg_backend_pid() as pid" }))
      .rows as [{ pid: number }];
    const sleeping = pipeline.query({ name: "sleep", text: "select pg_sleep(60)" });
    const ends = Promise.allSettled([
      sleeping,
      new Promise((resolve) => setImmediate(resolve)).then(() => pipeline.query(one)),
    ]);
    const other = await connect(connectionSettings(url));
    await other.query("select pg_terminate_backend($1)", [pid]);
    expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(pipeline.query(one)).rejects.toThrow();
    await Promise.all([other.end(), client.end()]);
  });
});

async function open() {
  const client = await connect(connectionSettings(url));
  let count = 0;
  // PostgreSQL ends what it sends at once with `ReadyForQuery`.
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.on("readyForQuery", () => (count += 1));
  return { client, pipeline: new Pipeline(client), answers: () => count };
}
