import type { AuthenticatorSecret, Me, Message, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../testing/layouts.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

async function addFactor(client: TestClient): Promise<void> {
  const { secret } = await client.post<AuthenticatorSecret>("/api/auth/authenticator");
  await client.put("/api/auth/authenticator", { code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() });
}
const removeFactor = (client: TestClient) => client.delete("/api/auth/authenticator");

async function refusal(client: TestClient, method: string, path: string, body?: unknown) {
  const { status, code } = await client.request(method, path, { body });
  return [status, code];
}
const missing = [403, "factor_missing"];

describe.each(["one process", "two nodes"])("in %s", (layout) => {
  let instance: TestInstance;
  let owner: TestClient;
  let moderator: TestClient;
  let member: TestClient;
  /** The moderator's connection to the other node. */
  let socket: TestSocket;
  let home: ServerState;
  let hidden: number;

  beforeEach(async () => {
    instance = await layouts[layout]!();
    const [first, last] = [instance.urls[0]!, instance.urls.at(-1)!];
    owner = await TestClient.register(first, "owner");
    moderator = await TestClient.register(first, "moderator");
    member = await TestClient.register(first, "member");
    home = await owner.createServer();
    const code = await owner.invite(home.id);
    for (const client of [moderator, member]) await client.join(code);
    const crew = { name: "crew", permissions: bitsOf("administrator") };
    const { id } = await owner.post<Role>(`/api/servers/${home.id}/roles`, crew);
    await owner.put(`/api/servers/${home.id}/members/${moderator.me.id}/roles/${id}`);
    const overrides = [{ type: "role", target_id: home.everyone_role_id, allow: 0, deny: bitsOf("viewChannel") }];
    const channel = { name: "hidden", type: "text", overrides };
    hidden = (await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, channel)).id;
    socket = new TestSocket(`${last.replace("http", "ws")}/ws/main?token=${moderator.token}`);
    await socket.next("connection_established");
  });
  afterEach(async () => {
    socket.ws.terminate();
    await instance.cleanup();
  });

  const demand = (factor_required: boolean, client = owner) =>
    refusal(client, "PUT", `/api/servers/${home.id}/second-factor`, { factor_required });
  const rename = (client: TestClient) => refusal(client, "PATCH", `/api/servers/${home.id}`, { name: "Renamed" });

  test("what a server requires counts at once on every node: rights end, and come back with a factor", async () => {
    const general = home.channels[0]!.id;
    const removal = async () => {
      const { id } = await member.post<Message>(`/api/channels/${general}/messages`, { content: "x" });
      return (await moderator.request("DELETE", `/api/messages/${id}`)).status;
    };
    expect([await rename(moderator), await removal()]).toEqual([[200, undefined], 204]);
    expect(await demand(true)).toEqual(missing);
    await addFactor(owner);
    expect(await demand(true, moderator)).toEqual([403, "forbidden"]);
    expect(await demand(true)).toEqual([200, undefined]);
    expect(await socket.next("channel_removed")).toMatchObject({ channel_id: hidden });
    expect([await rename(moderator), await removal()]).toEqual([missing, 403]);
    expect(await refusal(moderator, "POST", `/api/servers/${home.id}/roles`, { name: "x" })).toEqual(missing);
    expect(await refusal(member, "PATCH", `/api/servers/${home.id}`, { name: "x" })).toEqual([403, "forbidden"]);
    expect(await refusal(moderator, "GET", `/api/channels/${hidden}/messages`)).toEqual([404, "not_found"]);
    expect((await moderator.get<ServerState>(`/api/servers/${home.id}`)).channels).toHaveLength(home.channels.length);

    await addFactor(moderator);
    expect(await socket.next("me_updated")).toBeDefined();
    expect(await socket.next("channel_added")).toMatchObject({ channel: { id: hidden } });
    expect((await moderator.get<Me>("/api/auth/me")).has_second_factor).toBe(true);
    expect([await rename(moderator), await removal()]).toEqual([[200, undefined], 204]);

    await removeFactor(moderator);
    expect(await socket.next("channel_removed")).toMatchObject({ channel_id: hidden });
    expect([await rename(moderator), await removal()]).toEqual([missing, 403]);
    expect(await demand(false)).toEqual([200, undefined]);
    expect(await socket.next("channel_added")).toMatchObject({ channel: { id: hidden } });
    expect(await rename(moderator)).toEqual([200, undefined]);
  });

  test("the owner is bound too, comes back with a factor, and hands over only to somebody who has one", async () => {
    await addFactor(owner);
    await demand(true);
    const handOver = () => refusal(owner, "PUT", `/api/servers/${home.id}/owner`, { user_id: moderator.me.id });
    expect(await handOver()).toEqual([409, "conflict"]);
    await removeFactor(owner);
    expect(await rename(owner)).toEqual(missing);
    // The owner sees all channels, and decides about the server itself.
    expect((await owner.get<ServerState>(`/api/servers/${home.id}`)).channels.map(({ id }) => id)).toContain(hidden);
    await addFactor(owner);
    expect(await rename(owner)).toEqual([200, undefined]);
    await addFactor(moderator);
    expect(await handOver()).toEqual([200, undefined]);
  });
});

test("an instance may require a factor of its administrators, who are none without one", async () => {
  const server = await startTestServer();
  const claim_token = new URL(server.claimUrl!).hash.slice(1);
  const admin = await TestClient.register(server.url, "admin", { claim_token });
  const owner = await TestClient.register(server.url, "owner");
  const home = await owner.createServer();
  const rename = () => refusal(admin, "PATCH", `/api/servers/${home.id}`, { name: "By the administrator" });
  const set = (admin_factor: string | null) => refusal(admin, "PATCH", "/api/instance/settings", { admin_factor });
  expect(await set("required")).toEqual(missing);
  await addFactor(admin);
  expect(await set("required")).toEqual([200, undefined]);
  expect(await rename()).toEqual([200, undefined]);
  await removeFactor(admin);
  expect(await refusal(admin, "GET", "/api/instance/servers")).toEqual(missing);
  expect(await rename()).toEqual([404, "not_found"]);
  expect(await refusal(owner, "GET", "/api/instance/servers")).toEqual([403, "forbidden"]);
  await addFactor(admin);
  expect(await rename()).toEqual([200, undefined]);
  await server.cleanup();
});
