import { writeSync } from "node:fs";
import { sending } from "../../conformance/commands.ts";
import { openSqliteStore } from "../open-sqlite-store.ts";

/** Sends forever as one author in the given channels and prints one JSON line per acknowledged message. */
const [file = "", authorId, ...channelIds] = process.argv.slice(2);
// An interval between transactions, so that the kill also hits accepted commands that wait for theirs.
const store = await openSqliteStore({ file, pace: { count: () => {}, intervalMs: () => 5 } });
const { pid } = process;
let count = 0;

await Promise.all(Array.from({ length: 20 }, sendForever));

async function sendForever(): Promise<never> {
  for (;;) {
    const number = (count += 1);
    const channelId = Number(channelIds[number % channelIds.length]);
    const nonce = `${pid} ${number}`;
    const outcome = await store.log.commit(sending(channelId, Number(authorId), { nonce, content: nonce }));
    if (!outcome.ok || !outcome.message) throw new Error(`Refused: ${JSON.stringify(outcome)}`);
    const { id, channel_id, seq } = outcome.message;
    // Synchronous, as a buffered line would be lost by the kill.
    print(`${JSON.stringify({ id, channel_id, seq, nonce })}\n`);
  }
}

/** The pipe is full while the process that reads it has no time. */
function print(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
