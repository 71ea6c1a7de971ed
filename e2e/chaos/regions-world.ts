import type { ServerState, VoiceRegions } from "@miscord/protocol";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startServerProcess, type ServerProcess } from "../../apps/server/src/testing/server-process.ts";
import { TestClient } from "../../apps/server/src/testing/test-client.ts";
import { TestSocket } from "../../apps/server/src/testing/test-socket.ts";
import { administer, VoiceNodeProcess } from "../../apps/server/src/testing/voice-node-process.ts";
import { payloadOf, RtpParticipant } from "../../apps/server/src/voice/forwarding/testing/rtp-participant.ts";
import { systemClock } from "../../packages/client/src/platform.ts";
import { RegionTimes } from "../../packages/client/src/voice/region-times.ts";
import { until } from "./world.ts";

const packetMs = 20;
/** A connection that has not come about is asked for anew, as clients do, but so seldom that no region is given up for it. */
const retryMs = 21_000;

/** A proxy that keeps each answer back for a while. */
class DelayProxy {
  delayMs = 0;
  readonly #server: Server;

  constructor(target: () => string) {
    const pass = async (path: string | undefined, response: ServerResponse) => {
      await sleep(this.delayMs);
      const answer = await fetch(`${target()}${path}`).catch(() => null);
      response.writeHead(answer?.status ?? 502).end();
    };
    this.#server = createServer((request, response) => void pass(request.url, response));
  }

  async open(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Somebody in a call, without a browser: measures the regions through proxies, and says the own number. */
class Caller {
  /** The region of the call, as this participant was told. */
  region: string | null = null;
  /** UDP port of the unit that made the latest offer. */
  offeredPort: number | null = null;
  offers = 0;
  /** Over the latest connection. */
  readonly heard = new Set<number>();
  readonly #number: number;
  readonly #client: TestClient;
  readonly #proxies: ReadonlyMap<string, DelayProxy>;
  #socket: TestSocket | null = null;
  #rtp: RtpParticipant | null = null;

  constructor(number: number, client: TestClient, proxies: ReadonlyMap<string, DelayProxy>) {
    this.#number = number;
    this.#client = client;
    this.#proxies = proxies;
  }

  /** Sets how far away this participant is from the regions. */
  place(delaysMs: Readonly<Record<string, number>>): void {
    for (const [name, proxy] of this.#proxies) proxy.delayMs = delaysMs[name] ?? 0;
  }

  async enter(channelId: number): Promise<void> {
    const { url, token } = this.#client;
    const times = new RegionTimes({
      clock: systemClock,
      list: async () => (await this.#client.get<VoiceRegions>("/api/voice/regions")).regions,
      ping: ({ name }) => fetch(`${this.#proxies.get(name)!.url}/region/ping`),
    });
    await times.measure();
    const query = `token=${token}&session=${randomUUID()}&media=forwarded&regions=${times.text}`;
    const socket = new TestSocket(`${url.replace("http", "ws")}/ws/voice/${channelId}?${query}`);
    this.#socket = socket;
    socket.ws.on("message", (data: Buffer) => this.#receive(JSON.parse(data.toString())));
    await socket.next("participants");
  }

  say(): void {
    if (this.#rtp?.isConnected) this.#rtp.speak(Buffer.alloc(60, this.#number));
  }

  async leave(): Promise<void> {
    this.#rtp?.close();
    this.#rtp = null;
    this.heard.clear();
    await this.#socket?.close();
    this.#socket = null;
  }

  #receive(event: Record<string, unknown>): void {
    if (event["type"] === "participants" || event["type"] === "media_changed") this.region = event["region"] as string;
    if (event["type"] !== "offer") return;
    const [sdp, connectionId] = [String(event["sdp"]), String(event["connection_id"])];
    this.offeredPort = Number(/^a=candidate:\S+ 1 UDP \d+ \S+ (\d+) typ host/m.exec(sdp)?.[1]);
    this.#rtp?.close();
    this.offers += 1;
    this.heard.clear();
    const rtp: RtpParticipant = new RtpParticipant({
      name: `caller ${this.#number}`,
      offer: sdp,
      answer: (answer) => {
        const ids = { connection_id: connectionId, target_connection_id: connectionId };
        this.#socket?.send({ type: "answer", target_id: 0, sdp: answer, ...ids });
      },
      onPacket: (_mid, packet) => {
        // What was on its way over the former connection is none of it.
        if (this.#rtp === rtp) this.heard.add(payloadOf(packet)[0]!);
      },
    });
    this.#rtp = rtp;
    const retry = () => {
      if (this.#rtp !== rtp || rtp.isConnected) return;
      this.#socket?.send({ type: "renew_media", connection_id: connectionId });
    };
    setTimeout(retry, retryMs).unref();
  }
}

export interface RegionsWorld {
  readonly server: ServerProcess;
  readonly owner: TestClient;
  readonly nodes: Readonly<Record<string, VoiceNodeProcess>>;
  readonly callers: readonly Caller[];
  /** Creates a voice channel, so that the next call is a new one. */
  newChannel(region?: string | null): Promise<number>;
  regionNames(): Promise<string[]>;
  /** Resolves once everybody hears everybody else. */
  allHear(): Promise<void>;
  /** Resolves once everybody hears everybody else over another connection than now; with how long that took, in milliseconds. */
  allHearAnew(): Promise<number>;
  admin(...args: string[]): string;
  close(): Promise<void>;
}

/** An instance with voice nodes of these names, and people whose distances from the regions can be set. */
export async function openRegionsWorld(
  names: readonly string[],
  people: number,
  env: Record<string, string> = {},
): Promise<RegionsWorld> {
  const server = await startServerProcess({ VOICE_PORT: "0", VOICE_ADDRESS: "127.0.0.1", ...env });
  const owner = await TestClient.register(server.url, "owner");
  const home = await owner.post<ServerState>("/api/servers", { name: "Home" });
  const invite = await owner.invite(home.id);
  const nodes: Record<string, VoiceNodeProcess> = {};
  for (const name of names) nodes[name] = new VoiceNodeProcess(server, name);
  await Promise.all(Object.values(nodes).map((node) => node.start()));
  let urls = new Map<string, string | null>();
  const regionNames = async () => {
    const { regions } = await owner.get<VoiceRegions>("/api/voice/regions");
    urls = new Map(regions.map(({ name, url }) => [name, url]));
    return [...urls.keys()];
  };
  while ((await regionNames()).length <= names.length) await sleep(100);
  const proxies: DelayProxy[] = [];
  const callers = await Promise.all(
    Array.from({ length: people }, async (_, at) => {
      const client = at === 0 ? owner : await TestClient.register(server.url, `caller${at}`);
      if (at > 0) await client.post(`/api/invites/${invite}`);
      const own = new Map(["main", ...names].map((name) => [name, new DelayProxy(() => urls.get(name) ?? server.url)]));
      await Promise.all([...own.values()].map((proxy) => proxy.open()));
      proxies.push(...own.values());
      return new Caller(at + 1, client, own);
    }),
  );
  const talking = setInterval(() => {
    for (const caller of callers) caller.say();
  }, packetMs);
  let channels = 0;
  const allHear = (isSo: (caller: Caller, at: number) => boolean = () => true) =>
    until("everybody hears everybody", () =>
      callers.every((caller, at) => isSo(caller, at) && caller.heard.size === people - 1),
    );
  return {
    server,
    owner,
    nodes,
    callers,
    admin: (...args) => administer(server, ...args),
    async newChannel(region = null) {
      const body = { name: `call ${(channels += 1)}`, type: "voice" };
      const { id } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, body);
      if (region !== null) await owner.patch(`/api/channels/${id}`, { region });
      return id;
    },
    regionNames,
    allHear: () => allHear(),
    async allHearAnew() {
      const since = performance.now();
      const before = callers.map(({ offers }) => offers);
      await allHear(({ offers }, at) => offers > before[at]!);
      return performance.now() - since;
    },
    async close() {
      clearInterval(talking);
      await Promise.all(callers.map((caller) => caller.leave().catch(() => {})));
      for (const proxy of proxies) proxy.close();
      await Promise.all(Object.values(nodes).map((node) => node.kill("SIGKILL")));
      await server.dispose();
    },
  };
}
