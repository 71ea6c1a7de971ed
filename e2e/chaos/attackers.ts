import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { flood } from "../../apps/server/src/gateway/testing/flood.ts";
import { png, pngChunk } from "../../apps/server/src/domain/attachments/picture/testing/build-raster.ts";
import type { AttackName, AttackOptions } from "./attack-names.ts";

/** Connections or requests of one attack at the same time. */
const atOnce = 20;

// An attacker has machines of their own: this thread leaves the processors of this one to the server and the neighbour.
setPriority(constants.priority.PRIORITY_LOW);

const { name, port, token, channelId, durationMs } = workerData as AttackOptions;
const url = `http://localhost:${port}`;
const until = Date.now() + durationMs;

const attacks: Readonly<Record<AttackName, () => Promise<number>>> = {
  async pings() {
    const target = `/ws/main?token=${token}`;
    const frame = { text: "", fields: { opcode: 9 }, extensions: "" };
    return (await flood({ port, target, sockets: 5, durationMs, frame })).codes.length;
  },
  uploads: () => repeat(6, upload),
  logins: () => repeat(atOnce, logIn),
  resumes: () => repeat(atOnce, resume),
  "anonymous requests": () => repeat(atOnce, async () => void (await (await fetch(`${url}/api/instance`)).text())),
  "refused sockets": () => repeat(atOnce, () => closed(new WebSocket(`ws://localhost:${port}/ws/main?token=forged`))),
};

/** Runs the work in `count` loops until the time is over. Resolves with how often it ran. */
async function repeat(count: number, work: (round: number) => Promise<unknown>): Promise<number> {
  let rounds = 0;
  const loop = async () => {
    while (Date.now() < until) await work((rounds += 1)).catch(() => {});
  };
  await Promise.all(Array.from({ length: count }, loop));
  return rounds;
}

const picture = png({ before: Array.from({ length: 40_000 }, () => pngChunk("eXIf", "MM\0*\0\0\0\x08")) });

async function upload(): Promise<void> {
  const form = new FormData();
  form.append("file", new Blob([picture], { type: "image/png" }), "slow.png");
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/api/attachments`, { method: "POST", headers, body: form });
  const { id } = (await answer.json()) as { id?: number };
  if (id !== undefined) await fetch(`${url}/api/attachments/${id}`, { method: "DELETE", headers });
}

/** From another address each time, as by a network of many machines. */
async function logIn(round: number): Promise<void> {
  const forwarded = `10.${(round >> 16) & 255}.${(round >> 8) & 255}.${round & 255}`;
  const headers = { "content-type": "application/json", "x-forwarded-for": forwarded };
  const body = JSON.stringify({ username: `nobody${round}`, password: "wrong" });
  await (await fetch(`${url}/api/auth/login`, { method: "POST", headers, body })).text();
}

/** Joins a long channel from other positions, as often as it is allowed, and connects again. */
async function resume(): Promise<void> {
  const socket = new WebSocket(`ws://localhost:${port}/ws/main?token=${token}`);
  const isClosed = closed(socket);
  socket.addEventListener("open", () => {
    for (let position = 0; position < 200; position += 1) {
      socket.send(JSON.stringify({ type: "join_channel", channel_id: channelId, after_seq: position }));
    }
    setTimeout(() => socket.close(), 1_000);
  });
  await isClosed;
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => socket.addEventListener("close", () => resolve()));
}

parentPort?.postMessage(await attacks[name]());
