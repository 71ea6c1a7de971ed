import type { Me } from "@miscord/protocol";
import { beforeEach, expect, test } from "vitest";
import type { MiscordClient } from "../client.ts";
import { createClient } from "../create-client.ts";
import { alice, FakeServer } from "../testing/fake-server.ts";
import { settled } from "../testing/manual-clock.ts";

const channelId = 7;
const bob: Me = { ...alice, id: 2, username: "bob", display_name: "Bob" };
let server: FakeServer;
let client: MiscordClient;

const session = () => client.store.getState().session;
const callsOf = (call: string) => server.calls.filter((other) => other === call).length;
const unauthorized = () => Response.json({ error: { code: "unauthorized", message: "no" } }, { status: 401 });

beforeEach(async () => {
  server = new FakeServer();
  client = createClient(server.platform);
  await client.start();
  await client.openChannel(channelId);
  await settled();
  return () => client.close();
});

test("a tab whose cookie is somebody else's by now begins anew as them, and does nothing of the former in their name", async () => {
  server.publish(server.channel.send(bob, "seen"));
  server.isUp = false;
  server.cut();
  client.sendMessage(channelId, { content: "alice's" });
  client.setStatus("dnd");
  client.markRead(channelId, 1);
  await server.clock.advance(900_000);
  Object.assign(server, { me: bob, isUp: true });
  await server.clock.advance(120_000);
  expect(session()).toEqual({ status: "authenticated", me: bob });
  expect(client.store.getState()).toMatchObject({ timelines: {}, connection: { status: "online", ready: true } });
  expect(client.store.getState().channels[channelId]?.read_seq).toBe(0);
  const commands = server.sockets.flatMap(({ sent }) => sent.map(({ type }) => type));
  expect(commands.filter((type) => !/^(auth|heartbeat|pong)/.test(type))).toEqual(["join_channel"]);
  expect(callsOf("POST /api/auth/logout")).toBe(0);
});

test("a call of the former person is not repeated as the next one", async () => {
  server.answers.set("PATCH /api/messages/1", unauthorized);
  server.me = bob;
  await expect(client.editMessage(1, "alice's")).rejects.toMatchObject({ code: "unauthorized" });
  expect(session().me).toEqual(bob);
  expect(callsOf("PATCH /api/messages/1")).toBe(1);
});

test("a call that no answer came to is not repeated for who logs in next", async () => {
  const call = "PUT /api/messages/1/reactions/%F0%9F%91%8D";
  server.answers.set(call, () => Promise.reject(new TypeError("connection reset")));
  server.answers.set("POST /api/auth/login", () =>
    Response.json({ user: bob, access_token: "bob's", token_type: "bearer", expires_in: 900 }),
  );
  const reaction = client.setReaction(1, "👍", true);
  await settled();
  await client.login({ username: "bob", password: "whatever" });
  await Promise.all([expect(reaction).rejects.toMatchObject({ code: "unauthorized" }), server.clock.advance(5_000)]);
  expect(callsOf(call)).toBe(1);
});

test("a renewal under way at the logout does not log in again", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  server.answers.set("POST /api/auth/refresh", () => promise);
  await server.clock.advance(841_000);
  await client.logout();
  resolve(Response.json({ user: alice, access_token: "late", token_type: "bearer", expires_in: 900 }));
  await server.clock.advance(900_000);
  expect(session()).toEqual({ status: "anonymous", me: null });
  expect(callsOf("POST /api/auth/refresh")).toBe(2);
});

test("what was asked before the logout is not shown after it, nor asked again", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  server.answers.set("GET /api/notifications", () => promise);
  const inbox = client.loadInbox();
  await settled();
  const members = client.loadMembers(1);
  server.answers.set("POST /api/auth/logout", () => new Response(null, { status: 503 }));
  await client.logout();
  resolve(Response.json({ notifications: [], unread: 3, has_more: false }));
  await expect(inbox).rejects.toMatchObject({ code: "unauthorized" });
  await expect(members).rejects.toMatchObject({ code: "unauthorized" });
  await expect(client.loadInbox()).rejects.toMatchObject({ code: "unauthorized" });
  expect(client.store.getState().inbox).toMatchObject({ unread: 0, loaded: false });
  expect(session().status).toBe("anonymous");
});
