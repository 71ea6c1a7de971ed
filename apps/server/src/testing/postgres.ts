import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

const versions = "/usr/lib/postgresql";
/** For a start or a stop; a disk may be slow. */
const patienceSeconds = 600;

/** A private PostgreSQL cluster with databases of its own; it listens on loopback and in its folder. */
export interface TestPostgres {
  /** The cluster's folder. */
  readonly folder: string;
  readonly port: number;
  /** Of the first process; the others are its children. */
  readonly pid: number;
  /** A connection string of a new database: empty, or a copy of the one with that connection string. */
  createDatabase(copied?: string): string;
  /** Runs SQL in the database `postgres` as superuser; returns the rows as text, columns separated by `|`. */
  run(sql: string): string;
  /** The database as SQL that any client and PostgreSQL 15 or newer can run. */
  dump(url: string): string;
  /** The same as an operator makes it, with the rows in the format of COPY. */
  plainDump(url: string): string;
  start(): void;
  /** `immediate` ends it as a crash does. */
  stop(mode: "fast" | "immediate"): void;
  /** Makes a standby the primary; returns when it can be written to. */
  promote(): void;
  /** Ends it and removes its folder. */
  dispose(): void;
}

export interface PostgresOptions {
  /** Settings of postgresql.conf. `fsync` is off unless they say otherwise: tests end processes, never the machine. */
  settings?: Readonly<Record<string, string>>;
  /** Copies this cluster and follows it, until `promote`. */
  standbyOf?: TestPostgres;
}

/** PostgreSQL refuses to run as root: it runs as Debian's user `postgres` then, to whom the folder belongs. */
export async function startPostgres({ settings = {}, standbyOf }: PostgresOptions = {}): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "mpg-"));
  chmodSync(folder, 0o755);
  if (process.getuid?.() === 0) command("chown", "postgres", folder);
  const port = await freePort();
  const data = join(folder, "data");
  if (standbyOf) copyCluster(standbyOf, data);
  else createCluster(data);
  const own = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: folder };
  const options = { fsync: "off", ...own, ...settings };
  const flags = Object.entries(options).map(([name, value]) => `-c ${name}='${value}'`);
  const control = (...args: string[]) =>
    asOwner(program("pg_ctl"), "-D", data, "-w", "-t", String(patienceSeconds), "-l", join(folder, "log"), ...args);
  const start = () => control("start", "-o", flags.join(" "));
  const stop = (mode: string) => control("stop", "-m", mode);
  const run = (sql: string) =>
    asOwner(program("psql"), "-h", folder, "-p", String(port), "-U", "postgres", "-d", "postgres", "-At", "-c", sql);
  start();
  let databases = 0;
  return {
    folder,
    port,
    get pid() {
      return Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    },
    run,
    dump: (url) => portable(asOwner(program("pg_dump"), "--inserts", "--no-owner", "--no-privileges", url)),
    plainDump: (url) => `${asOwner(program("pg_dump"), "--format", "plain", url)}\n`,
    start,
    stop,
    promote: () => void run("select pg_promote()"),
    createDatabase(copied) {
      databases += 1;
      // The other strategy would write the whole copy to the write-ahead log as well.
      const template = copied ? ` template ${copied.split("/").at(-1)} strategy file_copy` : "";
      run(`create database test${databases}${template}`);
      return `postgres://postgres@127.0.0.1:${port}/test${databases}`;
    },
    dispose() {
      if (existsSync(join(data, "postmaster.pid"))) stop("immediate");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Without commands of psql, and without a setting that PostgreSQL 17 introduced. */
function portable(dump: string): string {
  return dump.replaceAll(/^(\\\w+ .*|SET transaction_timeout .*)\n?/gm, "");
}

function createCluster(data: string): void {
  const flags = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
  asOwner(program("initdb"), "-D", data, ...flags);
}

function copyCluster({ folder, port }: TestPostgres, data: string): void {
  const source = ["-h", folder, "-p", String(port), "-U", "postgres"];
  asOwner(program("pg_basebackup"), "-D", data, ...source, "--write-recovery-conf", "--checkpoint=fast", "--no-sync");
}

function program(name: string): string {
  const newest = readdirSync(versions).toSorted((a, b) => Number(b) - Number(a))[0];
  return join(versions, String(newest), "bin", name);
}

function asOwner(path: string, ...args: string[]): string {
  return process.getuid?.() === 0 ? command("runuser", "-u", "postgres", "--", path, ...args) : command(path, ...args);
}

function command(path: string, ...args: string[]): string {
  const result = spawnSync(path, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], cwd: "/" });
  if (result.status === 0) return result.stdout.trim();
  throw new Error(`${path} ${args.join(" ")} failed: ${result.stderr}`);
}
