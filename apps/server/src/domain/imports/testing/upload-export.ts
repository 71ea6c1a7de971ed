import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { ImportFiles, ImportList, InstanceImport } from "@miscord/protocol";
import { vi } from "vitest";
import { jsonFile } from "../../../admin/discord/testing/write-export.ts";
import { eventually } from "../../../testing/eventually.ts";
import type { TestClient } from "../../../testing/test-client.ts";

const base = "/api/instance/imports";

interface UploadedFile {
  path: string;
  bytes: Buffer;
}

export interface ExportPlace {
  guild?: string;
  path?: string;
  channel?: Record<string, unknown>;
}

/** A file with these messages, of a channel of its own and of this server of Discord. */
export function writtenFile(
  messages: readonly unknown[],
  { guild, path = "Old/general.json", channel = {} }: ExportPlace & { guild: string },
): UploadedFile {
  const file = jsonFile({ id: `${guild}1`, category: "", categoryId: null, ...channel }, messages);
  const json = JSON.stringify({ ...file, guild: { id: guild, name: `Guild ${guild}` } });
  return { path, bytes: Buffer.from(json) };
}

/** All files below the folder. */
export function filesOf(folder: string): UploadedFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path: relative(folder, path), bytes: readFileSync(path) }));
}

export async function sendBytes(client: TestClient, id: string, at: number, bytes: Buffer): Promise<Response> {
  return fetch(`${client.url}${base}/${id}/bytes?at=${at}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${client.token}`, "content-type": "application/octet-stream" },
    body: new Uint8Array(bytes),
  });
}

/** Uploads files for a new import, in parts of so many bytes. */
export async function uploadFiles(
  client: TestClient,
  files: readonly UploadedFile[],
  partBytes = 100_000,
): Promise<InstanceImport> {
  const made = await client.post<InstanceImport>(base);
  for (let from = 0; from < files.length; from += 500) {
    const some = files.slice(from, from + 500).map(({ path, bytes }) => ({ path, size: bytes.length }));
    await client.post<ImportFiles>(`${base}/${made.id}/files`, { files: some });
  }
  const all = Buffer.concat(files.map(({ bytes }) => bytes));
  for (let at = 0; at < all.length; at += partBytes) {
    const answer = await sendBytes(client, made.id, at, all.subarray(at, at + partBytes));
    if (answer.status !== 200) throw new Error(`A part was refused: ${answer.status} ${await answer.text()}`);
  }
  return made;
}

export async function importOf(client: TestClient, id: string): Promise<InstanceImport> {
  const { imports } = await client.get<ImportList>(base);
  return imports.find((one) => one.id === id)!;
}

/** Waits until the import is in the state, or failed. */
export async function waitFor(
  client: TestClient,
  id: string,
  status: InstanceImport["status"],
): Promise<InstanceImport> {
  const found = await vi.waitFor(
    async () => {
      const one = await importOf(client, id);
      if (one.status !== status && one.status !== "failed") throw new Error(`The import is ${one.status}.`);
      return one;
    },
    { timeout: 120_000, interval: 50 },
  );
  if (found.status !== status) throw new Error(`The import has failed: ${found.fault}`);
  return found;
}

/** Looks through what was uploaded. */
export async function preview(client: TestClient, id: string): Promise<InstanceImport> {
  await client.post(`${base}/${id}/preview`);
  return waitFor(client, id, "ready");
}

/** Uploads the files and imports them, until the new server is told of. */
export async function runImport(client: TestClient, files: readonly UploadedFile[]): Promise<InstanceImport> {
  const { id } = await uploadFiles(client, files);
  await preview(client, id);
  await client.post(`${base}/${id}/start`);
  await waitFor(client, id, "done");
  await eventually(async () => {
    if ((await importOf(client, id)).server_id === null) throw new Error("It is not told of.");
  });
  return importOf(client, id);
}

/** Counts of a report by what they count. */
export function countsOf(rows: readonly { what: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
}
