import { createClient, type ClientOptions, type MiscordClient } from "@miscord/client";
import type { Me } from "@miscord/protocol";
import { seed } from "../../apps/server/src/testing/seed.ts";
import { startServerProcess, type ServerProcess } from "../harness/server-process.ts";

/** A server process with people who are all members of one server; nobody has to log in. */
export interface Town {
  server: ServerProcess;
  port: number;
  channels: readonly number[];
  enter(person: number, options?: ClientOptions): Promise<MiscordClient>;
  dispose(): Promise<void>;
}

/** Rates have tests of their own; and a dead connection should show within seconds. */
const settings = {
  HEARTBEAT_INTERVAL: "1",
  RATE_MESSAGES: "1000/s",
  RATE_CHANGES: "1000/s",
  RATE_JOINS: "1000/s",
  RATE_REQUESTS: "10000/s",
};

export async function openTown(people: number, channelCount: number, env: Record<string, string> = {}): Promise<Town> {
  const server = await startServerProcess({ ...settings, ...env });
  await server.stop();
  const { channels, tokens } = await seed(server.dataDir, people, channelCount);
  await server.start();
  return {
    server,
    port: Number(new URL(server.url).port),
    channels,
    async enter(person, options = {}) {
      const token = tokens[person];
      if (token === undefined) throw new Error(`nobody has number ${person}`);
      const client = createClient({ baseUrl: server.url, locks: null, fetch: fetchAs(server.url, token), ...options });
      await client.start();
      return client;
    },
    dispose: () => server.dispose(),
  };
}

/** Hashing a thousand passwords takes longer than the tests: who asks for a session is given the one that was made for them. */
function fetchAs(url: string, token: string): typeof fetch {
  return async (input, init) => {
    if (new Request(input).url !== `${url}/api/auth/refresh`) return fetch(input, init);
    const answer = await fetch(`${url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) return answer;
    const user = (await answer.json()) as Me;
    return Response.json({ user, access_token: token, token_type: "bearer", expires_in: 86_400 });
  };
}

/** For as long as a test is willing to wait; says what it waited for, and how things stand instead. */
export async function until(
  what: string,
  isSo: () => boolean,
  { timeoutMs = 120_000, instead = () => "" }: { timeoutMs?: number; instead?: () => string } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what} ${instead()}`.trimEnd());
    await sleep(20);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
