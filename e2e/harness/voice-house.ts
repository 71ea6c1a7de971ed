import type { ServerState } from "@miscord/protocol";
import { startServerProcess, type ServerProcess } from "./server-process.ts";

/** A server with a voice channel, and people with accounts who are its members. */
export interface VoiceHouse {
  server: ServerProcess;
  serverId: number;
  voiceId: number;
  /** Path of the voice channel's page. */
  path: string;
  logins: readonly Login[];
}

export interface Login {
  username: string;
  password: string;
}

const password = "correct horse battery";

/** Without STUN: everybody is at this machine, and nothing is asked of the network. */
const settings = { STUN_URLS: "none", HEARTBEAT_INTERVAL: "2", RATE_REQUESTS: "1000/s" };

export async function openVoiceHouse(names: readonly string[], env: Record<string, string> = {}): Promise<VoiceHouse> {
  const server = await startServerProcess({ ...settings, ...env });
  const tokens: string[] = [];
  for (const username of names) {
    const body = { username, email: `${username}@example.org`, password, display_name: capitalised(username) };
    tokens.push((await post<{ access_token: string }>(server, "/api/auth/register", body)).access_token);
  }
  const [owner = "", ...others] = tokens;
  const { id: serverId, channels } = await post<ServerState>(server, "/api/servers", { name: "Lighthouse" }, owner);
  const { code } = await post<{ code: string }>(server, `/api/servers/${serverId}/invites`, {}, owner);
  for (const token of others) await post(server, `/api/invites/${code}`, {}, token);
  const voiceId = channels.find(({ type }) => type === "voice")?.id ?? 0;
  const path = `/channels/${serverId}/${voiceId}`;
  return { server, serverId, voiceId, path, logins: names.map((username) => ({ username, password })) };
}

async function post<Body>(server: ServerProcess, path: string, body: object, token = ""): Promise<Body> {
  const answer = await fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${path} was refused: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
