import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { freePort } from "../../testing/free-port.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { Program } from "../../testing/program.ts";
import type { Store } from "../contract.ts";
import { requirementFault } from "./requirements.ts";
import { startPostgresStore } from "./start-postgres-store.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.dispose());

const start = (url: string, isAlone = true): Promise<Store> =>
  startPostgresStore({ url, poolSize: 2, isAlone, onTaken: () => {} });

async function faultOf(url: string, isAlone = true): Promise<string> {
  const error = await start(url, isAlone).then(
    async (store) => store.close().then(() => expect.fail("The store started.")),
    (cause: unknown) => cause as Error,
  );
  expect(error.name).toBe("StartupError");
  expect(error.message).not.toContain("secret-word");
  return error.message;
}

describe("a start is refused with one sentence, without the password, for", () => {
  test("a server that does not answer", async () => {
    const port = await freePort();
    expect(await faultOf(`postgres://ann:secret-word@127.0.0.1:${port}/x`)).toBe(
      `PostgreSQL at 127.0.0.1:${port} cannot be reached (ECONNREFUSED).`,
    );
  });

  test("a host that does not exist", async () => {
    expect(await faultOf("postgres://ann:secret-word@nowhere.invalid/x")).toMatch(
      /^PostgreSQL at nowhere\.invalid:5432 cannot be reached \(E\w+\)\.$/,
    );
  });

  test("a wrong password", async () => {
    postgres.run("create role ann login password 'right'");
    const file = postgres.run("show hba_file");
    writeFileSync(
      file,
      "local all all trust\nhost all ann 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n",
    );
    postgres.run("select pg_reload_conf()");
    const url = postgres.createDatabase().replace("postgres@", "ann:secret-word@");
    // PostgreSQL reads the file some time after it was told to.
    const fault = await eventually(() => faultOf(url));
    expect(fault).toContain('does not admit the user "ann" (password authentication failed');
  });

  test("a database that does not exist", async () => {
    const url = postgres.createDatabase().replace(/test\d+$/, "nothing");
    expect(await faultOf(url)).toContain('has no database "nothing": create it');
  });

  test("a user without the right to create tables", async () => {
    postgres.run("create role bob login");
    const url = postgres.createDatabase().replace("postgres@", "bob@");
    expect(await faultOf(url)).toContain('The user "bob" may not create tables in the schema "public"');
  });

  test("a database with another encoding than UTF8", async () => {
    postgres.run("create database latin encoding 'LATIN1' locale 'C' template template0");
    const url = postgres.createDatabase().replace(/test\d+$/, "latin");
    expect(await faultOf(url)).toContain('The database "latin" has the encoding LATIN1');
  });

  test("a server before version 15 or a standby", () => {
    const facts = { version: 150_018, encoding: "UTF8", isStandby: false, schema: "public", mayCreate: true };
    const named = { ...facts, user: "ann", database: "chat" };
    expect(requirementFault(named)).toBeNull();
    expect(requirementFault({ ...named, version: 140_012 })).toContain("leads to PostgreSQL 14");
    expect(requirementFault({ ...named, isStandby: true })).toContain("leads to a standby");
  });
});

describe("nodes on one database", () => {
  test("a second node without REDIS_URL is refused, beside one without and beside one with it", async () => {
    const url = postgres.createDatabase();
    const alone = await start(url);
    expect(await faultOf(url)).toContain("Another Miscord uses this database");
    expect(await faultOf(url, false)).toContain("A Miscord without REDIS_URL uses this database");
    await alone.close();
    const [first, second] = [await start(url, false), await start(url, false)];
    expect(await faultOf(url)).toContain("Another Miscord uses this database");
    await first.close();
    await second.close();
    await (await start(url)).close();
  });

  test("a node alone takes its lock again after the connection was cut, and reports when another one has it", async () => {
    const url = postgres.createDatabase();
    const taken = Promise.withResolvers<Error>();
    const store = await startPostgresStore({ url, poolSize: 2, isAlone: true, onTaken: taken.resolve });
    const held = () =>
      postgres.run("select pid from pg_locks where locktype = 'advisory' and objid = 7303 and granted");
    const cut = () => postgres.run(`select pg_terminate_backend(${held()})`);
    cut();
    await expect.poll(held).not.toBe("");
    expect(await faultOf(url)).toContain("Another Miscord");
    cut();
    const other = await start(url);
    expect((await taken.promise).message).toContain("Another Miscord");
    await other.close();
    await store.close();
  });
});

test("a start behind a PgBouncer 1.18 in transaction mode is refused, since named statements get lost", async () => {
  const bouncer = await startPgBouncer();
  try {
    const url = postgres.createDatabase().replace(`:${postgres.port}/`, `:${bouncer.port}/`);
    expect(await faultOf(url)).toContain("leads to a pooler that loses prepared statements");
  } finally {
    await bouncer.dispose();
  }
});

/** Like PostgreSQL, it refuses to run as root. */
function startPgBouncer(): Promise<Program> {
  const file = join(postgres.folder, "pgbouncer.ini");
  const [command = "", ...before] =
    process.getuid?.() === 0
      ? ["/usr/bin/setpriv", "--reuid=postgres", "--clear-groups", "--", "/usr/sbin/pgbouncer"]
      : ["/usr/sbin/pgbouncer"];
  return Program.start({
    name: "pgbouncer",
    command,
    args({ port }) {
      const settings = [
        "[databases]",
        `* = host=127.0.0.1 port=${postgres.port} user=postgres`,
        "[pgbouncer]",
        "listen_addr=127.0.0.1",
        `listen_port=${port}`,
        "unix_socket_dir=",
        "auth_type=any",
        "pool_mode=transaction",
        "ignore_startup_parameters=statement_timeout,idle_in_transaction_session_timeout",
      ];
      writeFileSync(file, settings.join("\n"));
      return [...before, "-q", file];
    },
  });
}
