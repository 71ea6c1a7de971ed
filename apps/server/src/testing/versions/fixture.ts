import { cp, readFile, writeFile } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Client } from "pg";
import { databaseName } from "../../data-folder.ts";
import { systemClock, type Clock } from "../../clock.ts";

/** The instance of a version, as that version's own API described it just before its server stopped. */
export interface RecordedInstance {
  recordedAtMs: number;
  serverId: number;
  channelId: number;
  /** A message's file of this text. */
  file: { path: string; text: string };
  /** An invite to the server that has no end. */
  inviteCode: string;
  users: RecordedUser[];
}

export interface RecordedUser {
  username: string;
  isBanned: boolean;
  accessToken: string;
  /** Of a session that has not been used since. */
  cookies: [name: string, value: string][];
  /** Bodies of GET requests by path. */
  answers: Record<string, unknown>;
}

export type FixturePart = "client" | "sqlite" | "postgres";

export const partFiles = { client: "client.mjs.gz", sqlite: "sqlite.json", postgres: "postgres.json" } as const;
export const dumpName = "postgres.sql.gz";
const folder = import.meta.dirname;

/** Versions whose fixture has the part. */
export function versionsWith(part: FixturePart): string[] {
  return readdirSync(folder).filter((version) => existsSync(join(folder, version, partFiles[part])));
}

export async function readRecord(version: string, part: "sqlite" | "postgres"): Promise<RecordedInstance> {
  return JSON.parse(await readFile(join(folder, version, partFiles[part]), "utf8")) as RecordedInstance;
}

/** Copies the version's data folder, with its embedded database if it had one. */
export async function copyDataFolder(version: string, part: "sqlite" | "postgres", target: string): Promise<void> {
  await cp(join(folder, version, part), target, { recursive: true });
  if (part === "sqlite") await unpack(join(folder, version, `${databaseName}.gz`), join(target, databaseName));
}

/** Restores the version's PostgreSQL database into an empty one. */
export async function restoreDump(version: string, url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(gunzipSync(await readFile(join(folder, version, dumpName))).toString());
  await client.end();
}

/** Writes the version's SDK, one ES module, into a folder; returns its path. */
export async function unpackSdk(version: string, target: string): Promise<string> {
  const path = join(target, `client-${version}.mjs`);
  await unpack(join(folder, version, partFiles.client), path);
  return path;
}

async function unpack(source: string, target: string): Promise<void> {
  await writeFile(target, gunzipSync(await readFile(source)));
}

/** A clock that goes on from the record, so that its sessions, tokens and invites have not expired. */
export function clockSince({ recordedAtMs }: RecordedInstance): Clock {
  const startedAtMs = systemClock.monotonic();
  return { ...systemClock, now: () => recordedAtMs + Math.floor(systemClock.monotonic() - startedAtMs) };
}
