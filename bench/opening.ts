// node bench/opening.ts: how long the client's first requests take for somebody with many threads and private conversations
// around, against somebody with none, in turn. Prints a table and saves nothing.
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ServerState } from "@miscord/protocol";
import { WebSocket } from "ws";
import { insertPair } from "../apps/server/src/store/queries/private-channels.ts";
import { insertThread } from "../apps/server/src/store/queries/threads.ts";
import { openSqliteStore } from "../apps/server/src/store/sqlite/open-sqlite-store.ts";
import type { Running } from "./contestant.ts";
import { startMiscord } from "./miscord.ts";

const { values } = parseArgs({
  options: {
    threads: { type: "string", default: "5000" },
    conversations: { type: "string", default: "500" },
    rounds: { type: "string", default: "31" },
  },
});
const size = { threads: Number(values.threads), conversations: Number(values.conversations) };
const rounds = Number(values.rounds);
const channels = 20;
const community = { people: size.conversations + 2, channels, channelOf: () => null, unlimited: true };
const print = (line: string) => void process.stdout.write(`${line}\n`);

/** Threads over all channels, which nobody follows, and conversations of the first person with each of the others. */
async function fill(dataDir: string): Promise<void> {
  const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
  const now = Date.now();
  await store.db.transaction().execute(async (db) => {
    const rows = await db.selectFrom("channels").where("type", "=", "text").select(["id", "server_id"]).execute();
    const people = (await db.selectFrom("users").orderBy("id").select("id").execute()).map(({ id }) => id);
    for (let n = 0; n < size.threads; n += 1) {
      const { id: parentId, server_id: serverId } = rows[n % rows.length]!;
      const place = { serverId: serverId!, parentId, ownerId: people[1]!, starterId: null };
      await insertThread(db, { ...place, name: `thread ${n}`, isPost: false, archiveAfterS: 604_800, now });
    }
    for (const other of people.slice(1, size.conversations + 1)) await insertPair(db, people[0]!, other, now);
  });
  await store.close();
}

/** What the web client does before a channel is on the screen. */
async function open(running: Running): Promise<{ ms: number; bytes: number }> {
  const address = `127.0.0.1:${running.ports[0]}`;
  const token = new URLSearchParams(running.paths[0]!.split("?")[1]).get("token")!;
  let bytes = 0;
  const get = async (path: string) => {
    const answer = await fetch(`http://${address}${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const text = await answer.text();
    bytes += text.length;
    return JSON.parse(text) as unknown;
  };
  const began = performance.now();
  const socket = new WebSocket(`ws://${address}/ws/main?token=${token}`);
  const [, state] = await Promise.all([once(socket, "message"), get("/api/servers"), get("/api/dms")]);
  const { servers } = state as { servers: ServerState[] };
  await get(`/api/channels/${servers[0]!.channels[0]!.id}/messages`);
  const ms = performance.now() - began;
  socket.terminate();
  return { ms, bytes };
}

const settings = { MAX_CONNECTIONS_PER_USER: "1000", RATE_REQUESTS: "1000/s" };
const instances = [
  { name: "no threads, no conversations", running: await startMiscord(settings, community) },
  {
    name: `${size.threads} threads, ${size.conversations} conversations`,
    running: await startMiscord(settings, community, fill),
  },
];
try {
  const times = instances.map(() => [] as number[]);
  const sizes: number[] = [];
  // The first rounds warm both up.
  for (let round = -5; round < rounds; round += 1) {
    for (const [index, { running }] of instances.entries()) {
      const { ms, bytes } = await open(running);
      if (round >= 0) times[index]!.push(ms);
      sizes[index] = bytes;
    }
  }
  for (const [index, { name }] of instances.entries()) {
    const sorted = times[index]!.toSorted((a, b) => a - b);
    const [median, slowest] = [sorted[rounds >> 1]!, sorted.at(-1)!];
    print(
      `${name}: median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms, ${(sizes[index]! / 1_000).toFixed(0)} kB`,
    );
  }
} finally {
  for (const { running } of instances) await running.stop();
}
