import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { png, pngChunk, secret } from "./picture/testing/build-raster.ts";
import { ThreadedInspector } from "./threaded-inspector.ts";

let folder: string;
let inspector: ThreadedInspector | undefined;
let failures: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "miscord-inspect-"));
  failures = [];
});
afterEach(async () => {
  await inspector?.close();
  await rm(folder, { recursive: true, force: true });
});

const onFailure = ({ message }: Error) => void failures.push(message);

/** A worker that runs this code. */
function workerOf(code: string): URL {
  return new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from "node:worker_threads";${code}`)}`,
  );
}

async function inspect(bytes: Buffer | string, declaredType = "") {
  const path = join(folder, "file");
  await writeFile(path, bytes);
  return inspector!.inspect({ path, size: Buffer.byteLength(bytes), declaredType });
}

test("a picture's file is replaced by one without metadata", async () => {
  inspector = new ThreadedInspector({ onFailure });
  const bytes = png({ before: [pngChunk("tEXt", secret)] });
  const inspection = await inspect(bytes);
  expect(inspection).toEqual({
    contentType: "image/png",
    width: 40,
    height: 30,
    size: bytes.length - secret.length - 12,
  });
  const stored = await readFile(join(folder, "file"));
  expect(stored.length).toBe(inspection.size);
  expect(stored.includes(secret)).toBe(false);
  expect(await readdir(folder)).toEqual(["file"]);
});

test.each([
  ["a picture that cannot be read", png().subarray(0, 60)],
  ["a picture with too many pixels", png({ width: 20_000, height: 20_000 })],
  ["a picture of a type that is not cleaned", Buffer.from("BM6\0\0\0\0\0\0\0", "latin1")],
])("%s is a download of unknown type, with its bytes as they came", async (_name, bytes) => {
  inspector = new ThreadedInspector({ onFailure });
  expect(await inspect(bytes)).toEqual({ contentType: "application/octet-stream", size: bytes.length });
  expect(await readFile(join(folder, "file"))).toEqual(bytes);
});

test("an inspection that takes too long ends as a download, and the next one has a new worker", async () => {
  const script = workerOf(`parentPort.on("message", ({ declaredType }) => {
    if (declaredType === "slow") for (;;);
    parentPort.postMessage({ value: { contentType: "text/plain", size: 4 } });
  });`);
  inspector = new ThreadedInspector({ onFailure, script, deadlineMs: 3_000 });
  expect(await inspect("slow", "slow")).toEqual({ contentType: "application/octet-stream", size: 4 });
  expect(failures).toEqual(["The inspection took too long."]);
  expect(await inspect("fine")).toEqual({ contentType: "text/plain", size: 4 });
});

test("the size is that of the file, also when the worker is ended between replacing it and saying so", async () => {
  const script = workerOf(`import { writeFileSync } from "node:fs";
  parentPort.on("message", ({ path }) => {
    writeFileSync(path, "ab");
    throw new Error("out of order");
  });`);
  inspector = new ThreadedInspector({ onFailure, script });
  expect(await inspect("as it came")).toEqual({ contentType: "application/octet-stream", size: 2 });
});

test("an inspection whose worker dies ends as a download, and the next one has a new worker", async () => {
  const script = workerOf(`parentPort.on("message", ({ declaredType }) => {
    if (declaredType === "dies") throw new Error("out of order");
    parentPort.postMessage({ value: { contentType: "text/plain", size: 4 } });
  });`);
  inspector = new ThreadedInspector({ onFailure, script });
  expect(await inspect("dies", "dies")).toEqual({ contentType: "application/octet-stream", size: 4 });
  expect(failures).toEqual(["out of order"]);
  expect(await inspect("fine")).toEqual({ contentType: "text/plain", size: 4 });
});

test("a cleaned file that the disk has no room for rejects with the system's error", async () => {
  const script = workerOf(`parentPort.on("message", () =>
    parentPort.postMessage({ error: { message: "no space left on device", code: "ENOSPC" } }));`);
  inspector = new ThreadedInspector({ onFailure, script });
  await expect(inspect("x")).rejects.toMatchObject({ code: "ENOSPC" });
});

test.runIf(process.platform === "linux")("its thread has a lower priority than those that serve people", async () => {
  inspector = new ThreadedInspector({ onFailure });
  await inspect(png());
  const threads = await readdir("/proc/self/task");
  const niceness = threads.map((id) => {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
  });
  expect(niceness.filter((nice) => nice === constants.priority.PRIORITY_BELOW_NORMAL)).toHaveLength(1);
});
