import { copyFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readProgress } from "./data-progress.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import { TestClient } from "./testing/test-client.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let folder: string;
let channelId: number;
let owner: TestClient;
const clock = new ManualClock(Date.now());
const warnings: { positions?: number; msg: string }[] = [];
const logger = pino({ level: "warn" }, { write: (line) => void warnings.push(JSON.parse(line)) });

beforeEach(async () => {
  warnings.length = 0;
  // Its own folder: the database is not one that was migrated before, of which the file has all tables.
  folder = await mkdtemp(join(tmpdir(), "miscord-progress-"));
  server = await startTestServer({ dataDir: folder }, { clock, logger });
  owner = await TestClient.register(server.url, "owner");
  channelId = (await owner.createServer()).channels[0]!.id;
  for (let count = 0; count < 5; count += 1) await owner.send(channelId, `message ${count}`);
});
afterEach(() => server.cleanup());

const database = () => join(folder, "miscord.db");
const epoch = async () => (await readProgress(folder))!.epoch;

test("progress is noted within a second after a change, and once more at the stop", async () => {
  expect((await readProgress(folder))?.positions).toBeLessThan(5);
  clock.advance(1_000);
  await expect.poll(async () => (await readProgress(folder))?.positions).toBe(5);
  await owner.send(channelId, "last");
  await server.stop();
  expect(await readProgress(folder)).toEqual({ epoch: expect.any(String), positions: 6 });
});

test("a database that went back gets a new epoch and a warning that says how far", async () => {
  await server.stop();
  await copyFile(database(), `${database()}.old`);
  await server.restart();
  const before = await epoch();
  for (let count = 0; count < 3; count += 1) await owner.send(channelId, `lost ${count}`);
  await server.stop();
  await copyFile(`${database()}.old`, database());
  await server.restart();
  expect(await epoch()).not.toBe(before);
  expect(warnings).toMatchObject([{ positions: 3, msg: expect.stringContaining("lost changes") }]);

  const renewed = await epoch();
  await server.restart();
  expect(await epoch()).toBe(renewed);
  expect(warnings).toHaveLength(1);
});

test("deleted channels and servers are not taken for lost data", async () => {
  const before = await epoch();
  const second = await owner.createServer();
  await owner.send(second.channels[0]!.id, "goes with its server");
  await server.restart();
  await owner.delete(`/api/servers/${second.id}`);
  await server.restart();
  expect(await epoch()).toBe(before);
  expect(warnings).toEqual([]);
});

test.each([
  ["an empty file", () => truncate(database(), 0)],
  ["cut off from its write-ahead log", () => copyFile(`${database()}.running`, database())],
  ["missing", () => rm(database())],
  [
    "missing, and the note of its progress too",
    async () => {
      await rm(database());
      await rm(join(folder, "progress.json"));
    },
  ],
])(
  "a start in the folder of a database that is %s is refused with what to do, and changes nothing",
  async (_name, lose) => {
    await copyFile(database(), `${database()}.running`);
    await server.stop();
    await lose();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(server.restart()).rejects.toMatchObject({
        name: "StartupError",
        message: expect.stringMatching(/database\.created.*[Rr]estore a backup.*remove database\.created/),
      });
    }
    await rm(folder, { recursive: true });
    await server.restart();
  },
);

test("a file that holds no progress is ignored", async () => {
  await server.stop();
  await writeFile(join(folder, "progress.json"), "{");
  await server.restart();
  expect(warnings).toEqual([]);
  await owner.send(channelId, "still works");
});
