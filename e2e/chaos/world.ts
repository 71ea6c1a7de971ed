import { createClient, type ClientOptions, type MiscordClient } from "@miscord/client";
import type { Me } from "@miscord/protocol";
import { seed } from "../../apps/server/src/testing/seed.ts";
import { startServerProcess, type ServerProcess } from "../harness/server.ts";

/** A server process with seeded users, all members of one server, whose clients need no login. */
export interface ChaosWorld {
  server: ServerProcess;
  channels: readonly number[];
  /** An access token for each user. */
  tokens: readonly string[];
  enter(user: number, options?: ClientOptions): Promise<MiscordClient>;
  dispose(): Promise<void>;
}

/** Rate limits have tests of their own. The short heartbeat makes a dead connection show within seconds. */
const settings = {
  HEARTBEAT_INTERVAL: "1",
  RATE_MESSAGES: "1000/s",
  RATE_CHANGES: "1000/s",
  RATE_JOINS: "1000/s",
  RATE_REQUESTS: "10000/s",
};

export async function openChaosWorld(
  users: number,
  channelCount: number,
  env: Record<string, string> = {},
): Promise<ChaosWorld> {
  const server = await startServerProcess({ ...settings, ...env });
  await server.stop();
  const { channels, tokens } = await seed(server.dataDir, users, channelCount);
  await server.start();
  return {
    server,
    channels,
    tokens,
    async enter(user, options = {}) {
      const token = tokens[user];
      if (token === undefined) throw new Error(`there is no user ${user}`);
      const client = createClient({ baseUrl: server.url, locks: null, fetch: fetchAs(server.url, token), ...options });
      await client.start();
      return client;
    },
    dispose: () => server.dispose(),
  };
}

/** Answers a session renewal with the seeded token: hashing a thousand passwords at login takes longer than the tests. */
function fetchAs(url: string, token: string): typeof fetch {
  return async (input, init) => {
    if (new Request(input).url !== `${url}/api/auth/refresh`) return fetch(input, init);
    const answer = await fetch(`${url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) return answer;
    const user = (await answer.json()) as Me;
    return Response.json({ user, access_token: token, token_type: "bearer", expires_in: 86_400 });
  };
}

/** Waits until the condition holds. The error of a timeout says what was waited for, and the state instead. */
export async function until(
  what: string,
  isSo: () => boolean,
  { timeoutMs = 120_000, instead = () => "" }: { timeoutMs?: number; instead?: () => string } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`timed out waiting until ${what} ${instead()}`.trimEnd());
    await sleep(20);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
