import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "miscord-pinned-"));
const name = "node-of-a-test";
let registry: Server;
let url: string;
let tarball: Buffer;

beforeAll(async () => {
  mkdirSync(join(folder, "package"));
  writeFileSync(join(folder, "package/package.json"), JSON.stringify({ name, version: "1.0.0" }));
  execFileSync("tar", ["-czf", join(folder, "package.tgz"), "-C", folder, "package"]);
  tarball = readFileSync(join(folder, "package.tgz"));
  registry = createServer((request, response) => {
    if (request.url === "/package.tgz") return void response.end(tarball);
    // As of a registry or mirror that serves what it likes, it agrees with its own file.
    const version = { name, version: "1.0.0", dist: { tarball: `${url}/package.tgz`, integrity: digestOf(tarball) } };
    response.end(JSON.stringify({ name, "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": version } }));
  }).listen(0, "127.0.0.1");
  await once(registry, "listening");
  url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
});
afterAll(() => {
  registry.close();
  rmSync(folder, { recursive: true });
});

test("of the registry a package is installed only with the digest that is pinned here", async () => {
  const refused = await install(digestOf(Buffer.from("another file")));
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain("EINTEGRITY");
  expect(refused.isInstalled).toBe(false);
  expect(await install(digestOf(tarball))).toMatchObject({ code: 0, isInstalled: true });
});

async function install(integrity: string) {
  const prefix = join(folder, "prefix");
  const pinned = JSON.stringify({ name, version: "1.0.0", integrity });
  const script = new URL("lib/runtime.mjs", import.meta.url).href;
  const source = `(await import(${JSON.stringify(script)})).installPinned(${JSON.stringify(prefix)}, ${pinned})`;
  const env = { ...process.env, npm_config_registry: url, npm_config_cache: join(folder, "cache") };
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], { env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, output, isInstalled: existsSync(join(prefix, "node_modules", name)) };
}

function digestOf(bytes: Buffer): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}
