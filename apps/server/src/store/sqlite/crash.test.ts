import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Message } from "@miscord/protocol";
import { expect, test } from "vitest";
import { createWorld } from "../conformance/world.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { temporaryFile } from "./testing/temporary-file.ts";

const script = fileURLToPath(new URL("./testing/sending-process.ts", import.meta.url));
const lives = 4;
const acknowledgementsPerLife = 300;

type Acknowledgement = Pick<Message, "id" | "channel_id" | "seq" | "nonce">;

test("killed in the middle of commits, it loses nothing that was acknowledged", async () => {
  const file = temporaryFile();
  const first = await openSqliteStore({ file });
  const { general, random, ann } = await createWorld(first);
  await first.close();

  const acknowledged: Acknowledgement[] = [];
  for (let life = 0; life < lives; life += 1) {
    acknowledged.push(...(await sendUntilKilled([file, ann, general, random].map(String))));
  }

  const store = await openSqliteStore({ file });
  const found = new Map<number, Message>();
  for (const channelId of [general, random]) {
    const { seq, changes } = await store.log.changesSince(channelId, 0, 1_000_000);
    expect(changes?.map((message) => message.seq)).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
    for (const message of changes ?? []) found.set(message.id, message);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(lives * acknowledgementsPerLife);
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
    if (output.split("\n").length > acknowledgementsPerLife) child.kill("SIGKILL");
  });
  await once(child, "close");
  // The last line may have been cut off in the middle.
  return output
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Acknowledgement);
}
