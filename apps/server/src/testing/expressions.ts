import type { CustomEmoji, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import sharp from "sharp";
import { TestClient } from "./test-client.ts";
import { TestSocket } from "./test-socket.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

/** Who tests emoji and stickers: `artist` manages those of a server, `member` does not, `outsider` is no member. */
export interface ExpressionPeople {
  owner: TestClient;
  artist: TestClient;
  member: TestClient;
  outsider: TestClient;
}

/** A server with these people, and a picture of `width` to half of it that tells which camera took it. */
export async function startForExpressions(
  width: number,
): Promise<ExpressionPeople & { server: TestServer; picture: Buffer }> {
  const server = await startTestServer();
  const [owner, artist, member, outsider] = (await Promise.all(
    ["owner", "artist", "member", "outsider"].map((name) => TestClient.register(server.url, name)),
  )) as [TestClient, TestClient, TestClient, TestClient];
  const picture = await sharp({ create: { width, height: width / 2, channels: 3, background: "#4080c0" } })
    .withExif({ IFD0: { Make: "Camera" } })
    .png()
    .toBuffer();
  return { server, owner, artist, member, outsider, picture };
}

/** A new server of theirs, with its first text channel. */
export async function newHome(people: ExpressionPeople): Promise<{ home: ServerState; general: number }> {
  const { owner, artist, member } = people;
  const home = await owner.createServer();
  const code = await owner.invite(home.id);
  for (const client of [artist, member]) await client.join(code);
  const fields = { name: "artists", permissions: bitsOf("manageGuildExpressions") };
  const artists = await owner.post<Role>(`/api/servers/${home.id}/roles`, fields);
  await owner.put(`/api/servers/${home.id}/members/${artist.me.id}/roles/${artists.id}`);
  return { home, general: home.channels[0]!.id };
}

/** Uploads a picture as an emoji or a sticker to the path. */
export async function uploadExpression(
  client: TestClient,
  path: string,
  { name, bytes, type = "image/png", aliases = "" }: { name: string; bytes: Buffer; type?: string; aliases?: string },
): Promise<{ status: number; code: string | undefined; made: CustomEmoji }> {
  const query = new URLSearchParams({ name, ...(aliases && { aliases }) }).toString();
  const response = await fetch(`${client.url}${path}?${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${client.token}`, "content-type": type },
    body: new Uint8Array(bytes),
  });
  const made = (await response.json()) as CustomEmoji & { error?: { code: string } };
  return { status: response.status, code: made.error?.code, made };
}

/** The main socket of the client, connected. */
export async function openMain(client: TestClient): Promise<TestSocket> {
  const socket = new TestSocket(`${client.url.replace("http", "ws")}/ws/main?token=${client.token}`);
  await socket.next("connection_established");
  return socket;
}
