import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { databaseName, keyName, uploadsName } from "../apps/server/src/data-folder.ts";
import { startPostgres } from "../apps/server/src/testing/postgres.ts";
import { startServerProcess } from "../apps/server/src/testing/server-process.ts";
import { dumpName, partFiles, type FixturePart } from "../apps/server/src/testing/versions/fixture.ts";
import { populate } from "../apps/server/src/testing/versions/populate.ts";

/**
 * `node scripts/make-version-fixture.ts [--parts client,sqlite,postgres] [--root DIR] [--version X.Y.Z]` keeps what
 * later versions are tested with: this version's SDK, and data that this version's server wrote. `--root` names a
 * checkout of another version, with its dependencies installed.
 */
const repository = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    parts: { type: "string", default: "client,sqlite,postgres" },
    root: { type: "string", default: repository },
    version: { type: "string" },
  },
});
const root = resolve(values.root);
const version = values.version ?? versionOf(root);
const target = join(repository, "apps/server/src/testing/versions", version);

const makers: Record<FixturePart, () => Promise<void> | void> = {
  client: bundleSdk,
  sqlite: () => keepInstance("sqlite"),
  async postgres() {
    const postgres = await startPostgres();
    try {
      const url = postgres.createDatabase();
      await keepInstance("postgres", { DATABASE_URL: url });
      writeFileSync(join(target, dumpName), compress(postgres.dump(url)));
    } finally {
      postgres.dispose();
    }
  },
};

mkdirSync(target, { recursive: true });
for (const part of values.parts.split(",")) {
  if (!(part in makers)) throw new Error(`--parts knows client, sqlite and postgres, not ${part}`);
  await makers[part as FixturePart]();
}

function bundleSdk(): void {
  const folder = mkdtempSync(join(tmpdir(), "miscord-sdk-"));
  const vite = join(repository, "node_modules/vite/bin/vite.js");
  const config = join(import.meta.dirname, "sdk-bundle.vite.ts");
  const args = [vite, "build", join(root, "packages/client"), "--config", config, "--outDir", folder];
  const { status } = spawnSync(process.execPath, [...args, "--logLevel", "error"], { stdio: "inherit" });
  if (status !== 0) throw new Error("bundling the SDK failed");
  writeFileSync(join(target, partFiles.client), compress(readFileSync(join(folder, "client.mjs"))));
  rmSync(folder, { recursive: true });
}

/** Starts the version's server, fills it, stops it, and keeps its data folder and what it answered. */
async function keepInstance(part: "sqlite" | "postgres", env: Record<string, string> = {}): Promise<void> {
  const server = await startServerProcess(env, join(root, "apps/server/src/main.ts"));
  try {
    const record = await populate(server.url);
    await server.stop();
    writeFileSync(join(target, partFiles[part]), `${JSON.stringify(record, null, 2)}\n`);
    keepFolder(server.dataDir, part);
  } finally {
    await server.dispose();
  }
}

function keepFolder(dataDir: string, part: "sqlite" | "postgres"): void {
  rmSync(join(target, part), { recursive: true, force: true });
  mkdirSync(join(target, part));
  for (const name of [uploadsName, keyName]) {
    if (existsSync(join(dataDir, name))) cpSync(join(dataDir, name), join(target, part, name), { recursive: true });
  }
  if (part === "postgres") return;
  const compact = join(dataDir, "compact.db");
  const database = new DatabaseSync(join(dataDir, databaseName));
  database.prepare("vacuum into ?").run(compact);
  database.close();
  writeFileSync(join(target, `${databaseName}.gz`), compress(readFileSync(compact)));
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}

function compress(content: string | Buffer): Buffer {
  return gzipSync(content, { level: 9 });
}
