import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Message } from "@miscord/protocol";
import { expect, test } from "vitest";
import { createWorld } from "../conformance/world.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { temporaryFile } from "./testing/temporary-file.ts";

const script = fileURLToPath(new URL("./testing/sending-process.ts", import.meta.url));
const runs = 4;
const acknowledgementsPerRun = 300;

type Acknowledgement = Pick<Message, "id" | "channel_id" | "seq" | "nonce">;

test("a process killed during commits loses no acknowledged message and leaves no gap", async () => {
  const file = temporaryFile();
  const first = await openSqliteStore({ file });
  const { general, random, ann } = await createWorld(first);
  await first.close();

  const acknowledged: Acknowledgement[] = [];
  for (let run = 0; run < runs; run += 1) {
    acknowledged.push(...(await sendUntilKilled([file, ann, general, random].map(String))));
  }

  const store = await openSqliteStore({ file });
  const found = new Map<number, Message>();
  for (const channelId of [general, random]) {
    const { seq, changes } = await store.log.changesSince(channelId, 0, 1_000_000);
    expect(changes?.map((message) => message.seq)).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
    for (const message of changes ?? []) found.set(message.id, message);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(runs * acknowledgementsPerRun);
  for (const ack of acknowledged) expect(found.get(ack.id)).toMatchObject(ack);
  expect(new Set([...found.values()].map((message) => message.nonce)).size).toBe(found.size);
  await store.close();
});

async function sendUntilKilled(args: string[]): Promise<Acknowledgement[]> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    output += text;
    if (output.split("\n").length > acknowledgementsPerRun) child.kill("SIGKILL");
  });
  await once(child, "close");
  // The kill may have cut the last line off.
  return output
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Acknowledgement);
}
