// node bench/large-server.ts: how long a server with many roles, channels and members takes to open, and what a change of its
// base role costs. Prints a table and saves nothing.
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { MainEvent, MainFrame, ServerState } from "@miscord/protocol";
import { bitsOf, everydayPermissions, type PermissionName } from "@miscord/rights";
import { WebSocket } from "ws";
import { chunks } from "../apps/server/src/chunks.ts";
import { openSqliteStore } from "../apps/server/src/store/sqlite/open-sqlite-store.ts";
import type { Running } from "./contestant.ts";
import { startMiscord } from "./miscord.ts";

const { values } = parseArgs({
  options: {
    members: { type: "string", default: "10000" },
    channels: { type: "string", default: "500" },
    roles: { type: "string", default: "250" },
    connected: { type: "string", default: "2000" },
    rounds: { type: "string", default: "9" },
  },
});
const size = { members: Number(values.members), channels: Number(values.channels), roles: Number(values.roles) };
const rounds = Number(values.rounds);
const print = (line: string) => void process.stdout.write(`${line}\n`);
/** Sockets that are opened at the same time. */
const openingAtOnce = 50;

/** What the requests of this benchmark are answered with. */
interface Answer {
  servers: ServerState[];
  members: { id: number }[];
}

class Member {
  readonly #running: Running;
  readonly #token: string;

  constructor(running: Running, index: number) {
    this.#running = running;
    this.#token = new URLSearchParams(running.paths[index]!.split("?")[1]).get("token")!;
  }

  async request(path: string, method = "GET", body?: object): Promise<{ body: Answer; bytes: number }> {
    const answer = await fetch(`http://127.0.0.1:${this.#running.ports[0]}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return { body: JSON.parse(text) as Answer, bytes: text.length };
  }

  /** A socket that shows the first page of the member list, as the web client's does. */
  async connect(serverId: number, onEvent: (event: MainEvent) => void): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.#running.ports[0]}/ws/main?token=${this.#token}`);
    socket.on("message", (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as MainFrame;
      for (const event of frame.type === "batch" ? frame.messages : [frame]) onEvent(event);
    });
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "watch_members", lists: [{ server_id: serverId, pages: [0] }] }));
    return socket;
  }
}

/** Roles, some of which are listed separately, and up to three of them for each member. */
async function fill(dataDir: string): Promise<void> {
  const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
  const { db } = store;
  const server = await db.selectFrom("servers").selectAll().executeTakeFirstOrThrow();
  const roles = Array.from({ length: size.roles }, (_, n) => ({
    server_id: server.id,
    name: `role ${n}`,
    permissions: 0,
    position: n + 1,
    hoist: n % 25 === 0 ? 1 : 0,
    created_at: 0,
  }));
  const ids = (await db.insertInto("roles").values(roles).returning("id").execute()).map(({ id }) => id);
  const members = await db.selectFrom("members").select("user_id").orderBy("user_id").execute();
  const held = members.flatMap(({ user_id }, n) =>
    [...new Set([n, n * 7, n * 13].slice(0, n % 4))].map((at) => ({
      server_id: server.id,
      user_id,
      role_id: ids[at % ids.length]!,
    })),
  );
  const unique = [...new Map(held.map((row) => [`${row.user_id} ${row.role_id}`, row])).values()];
  for (const part of chunks(unique, 500)) await db.insertInto("member_roles").values(part).execute();
  await store.close();
}

async function measure(): Promise<void> {
  const { body } = await new Member(running, 0).request("/api/servers");
  const { id: serverId, everyone_role_id: everyoneId } = body.servers[0]!;
  print(`${size.members} members, ${size.channels} channels, ${size.roles} roles`);
  await opening(serverId, "nobody else connected");
  await opening(serverId, "with the whole list of members, as earlier clients do", true);
  const connected = Math.min(Number(values.connected), size.members - rounds - 1);
  const counter = new Counter();
  const sockets: WebSocket[] = [];
  const indexes = Array.from({ length: connected }, (_, n) => size.members - 1 - n);
  for (const some of chunks(indexes, openingAtOnce)) {
    sockets.push(
      ...(await Promise.all(
        some.map((n) => new Member(running, n).connect(serverId, (event) => counter.count(event))),
      )),
    );
  }
  await sleep(3_000);
  await opening(serverId, `${connected} connected`);
  const owner = new Member(running, 0);
  const set = async (what: string, permissions: number) => {
    running.process.resetLoopLag();
    counter.reset();
    const began = performance.now();
    await owner.request(`/api/roles/${everyoneId}`, "PATCH", { permissions });
    const answeredMs = performance.now() - began;
    await counter.reached("permissions_changed", connected);
    const toldMs = performance.now() - began;
    await counter.quiet();
    const wholeMs = counter.lastAt - began;
    const lagMs = await running.process.loopLagMaxMs();
    print(
      `${what}: answered ${answeredMs.toFixed(0)} ms, all told ${toldMs.toFixed(0)} ms, all applied ${wholeMs.toFixed(0)} ms` +
        `, event loop at most ${lagMs.toFixed(0)} ms late, ${counter.events} events`,
    );
  };
  const without = (name: PermissionName) => everydayPermissions - bitsOf(name);
  await set("everybody loses the right to write", without("sendMessages"));
  await set("everybody may write again", everydayPermissions);
  await set("everybody loses sight of all channels", without("viewChannel"));
  await set("everybody sees them again", everydayPermissions);
  for (const socket of sockets) socket.terminate();
}

/** What a client does before the channel, its messages and the member list are on the screen. */
async function opening(serverId: number, what: string, isWhole = false): Promise<void> {
  const times: number[] = [];
  const members = new Set<number>();
  let bytes = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const member = new Member(running, round);
    const began = performance.now();
    const page = Promise.withResolvers<Extract<MainEvent, { type: "member_list" }>>();
    const [state, socket] = await Promise.all([
      member.request("/api/servers"),
      member.connect(serverId, (event) => event.type === "member_list" && page.resolve(event)),
    ]);
    const channelId = state.body.servers[0]!.channels[0]!.id;
    const { rows } = await page.promise;
    const ids = rows.map(({ id }) => id).join();
    const [list, history] = await Promise.all([
      member.request(`/api/servers/${serverId}/members${isWhole ? "" : `?ids=${ids}`}`),
      member.request(`/api/channels/${channelId}/messages`),
    ]);
    times.push(performance.now() - began);
    members.clear();
    for (const { id } of list.body.members) members.add(id);
    bytes = state.bytes + list.bytes + history.bytes;
    socket.terminate();
  }
  const sorted = times.toSorted((a, b) => a - b);
  print(
    `opened (${what}): median ${sorted[rounds >> 1]!.toFixed(0)} ms, slowest ${sorted.at(-1)!.toFixed(0)} ms of ${rounds}` +
      `, ${members.size} members, ${(bytes / 1_000).toFixed(0)} kB`,
  );
}

/** Events of all sockets together. */
class Counter {
  events = 0;
  lastAt = 0;
  #byType = new Map<string, number>();

  reset(): void {
    this.events = 0;
    this.#byType = new Map();
  }

  count({ type }: MainEvent): void {
    if (type === "member_list" || type === "user_status_changed" || type === "ping") return;
    this.events += 1;
    this.lastAt = performance.now();
    this.#byType.set(type, (this.#byType.get(type) ?? 0) + 1);
  }

  async reached(type: MainEvent["type"], count: number): Promise<void> {
    while ((this.#byType.get(type) ?? 0) < count) await sleep(1);
  }

  /** Resolves when nothing has arrived for two seconds. */
  async quiet(): Promise<void> {
    while (performance.now() - this.lastAt < 2_000) await sleep(50);
  }
}

const running = await startMiscord(
  { MAX_CONNECTIONS_PER_ADDRESS: "100000", MAX_WEBSOCKET_CONNECTIONS: "100000" },
  { people: size.members, channels: size.channels, channelOf: () => null, unlimited: true },
  fill,
);
try {
  await measure();
} finally {
  await running.stop();
}
