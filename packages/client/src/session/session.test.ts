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

let isLogoutDue: boolean;
const logoutMark = { isSet: () => isLogoutDue, set: (isSet: boolean) => void (isLogoutDue = isSet) };
const session = () => client.store.getState().session;
const callsOf = (call: string) => server.calls.filter((other) => other === call).length;
const loginAsBob = () => {
  Object.assign(server, { me: bob, hasSession: true });
  return Response.json({ user: bob, access_token: "bob's", token_type: "bearer", expires_in: 900 });
};
const unauthorized = () => Response.json({ error: { code: "unauthorized", message: "no" } }, { status: 401 });

beforeEach(async () => {
  server = new FakeServer();
  isLogoutDue = false;
  client = createClient({ ...server.platform, logoutMark });
  await client.start();
  await client.openChannel(channelId);
  await settled();
  return () => client.close();
});

test("a tab whose cookie now belongs to another user starts over as that user and sends nothing of the previous one", async () => {
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
  expect(commands.filter((type) => !/^(auth|heartbeat|pong|watch_members)/.test(type))).toEqual(["join_channel"]);
  expect(callsOf("POST /api/auth/logout")).toBe(0);
});

test("a request of the previous user is not repeated as the next user", async () => {
  server.answers.set("PATCH /api/messages/1", unauthorized);
  server.me = bob;
  await expect(client.editMessage(1, "alice's")).rejects.toMatchObject({ code: "unauthorized" });
  expect(session().me).toEqual(bob);
  expect(callsOf("PATCH /api/messages/1")).toBe(1);
});

test("an unanswered request of the previous user is not repeated after another login", async () => {
  const call = "PUT /api/messages/1/reactions/%F0%9F%91%8D";
  server.answers.set(call, () => Promise.reject(new TypeError("connection reset")));
  server.answers.set("POST /api/auth/login", loginAsBob);
  const reaction = client.setReaction(1, "👍", true);
  await settled();
  await client.login({ username: "bob", password: "whatever" });
  await Promise.all([expect(reaction).rejects.toMatchObject({ code: "unauthorized" }), server.clock.advance(5_000)]);
  expect(callsOf(call)).toBe(1);
});

test("a token renewal in flight at a logout does not restore the session", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  server.answers.set("POST /api/auth/refresh", () => promise);
  await server.clock.advance(841_000);
  await client.logout();
  resolve(Response.json({ user: alice, access_token: "late", token_type: "bearer", expires_in: 900 }));
  await server.clock.advance(900_000);
  expect(session()).toEqual({ status: "anonymous", me: null });
  expect(callsOf("POST /api/auth/refresh")).toBe(2);
});

test("a request made before a logout is neither answered nor repeated after it", async () => {
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

/** Replaces the client by a new one, as a reload of the page does. */
async function reload(): Promise<void> {
  client.close();
  client = createClient({ ...server.platform, logoutMark });
  const started = client.start();
  await server.clock.advance(5_000);
  await started;
}

test("a logout that did not reach the server is sent first at the next start", async () => {
  server.isUp = false;
  await client.logout();
  server.isUp = true;
  await reload();
  expect(session().status).toBe("anonymous");
  expect(server.hasSession).toBe(false);
  server.hasSession = true;
  await reload();
  expect(session().status).toBe("authenticated");
});

test("start waits until the server accepts a pending logout instead of restoring the session", async () => {
  server.answers.set("POST /api/auth/logout", () => new Response(null, { status: 503 }));
  await client.logout();
  const refreshes = callsOf("POST /api/auth/refresh");
  client.close();
  client = createClient({ ...server.platform, logoutMark });
  const started = client.start();
  await server.clock.advance(5_000);
  expect(callsOf("POST /api/auth/refresh")).toBe(refreshes);
  server.answers.clear();
  await server.clock.advance(60_000);
  await started;
  expect(session().status).toBe("anonymous");
});

test("a login replaces a logout that never reached the server", async () => {
  server.isUp = false;
  await client.logout();
  server.isUp = true;
  server.answers.set("POST /api/auth/login", loginAsBob);
  await client.login({ username: "bob", password: "whatever" });
  await reload();
  expect(session().me).toEqual(bob);
});

test("a login waits for a logout in flight, which would revoke its cookie", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  server.answers.set("POST /api/auth/logout", () => promise);
  server.answers.set("POST /api/auth/login", loginAsBob);
  void client.logout();
  const login = client.login({ username: "bob", password: "whatever" });
  await settled();
  expect(callsOf("POST /api/auth/login")).toBe(0);
  resolve(new Response(null, { status: 204 }));
  expect(await login).toEqual(bob);
});

test("a logout request survives its page and is serialised with renewals of other tabs", async () => {
  const { promise: turn, resolve: give } = Promise.withResolvers<void>();
  const sent: (boolean | undefined)[] = [];
  const tab = createClient({
    ...server.platform,
    fetch: (input, init) => {
      if (new Request(input).url.endsWith("/logout")) sent.push(init?.keepalive);
      return server.platform.fetch!(input, init);
    },
    locks: {
      async request(_name, callback) {
        await turn;
        return callback();
      },
    },
  });
  const left = tab.logout();
  await settled();
  expect(sent).toEqual([]);
  give();
  await left;
  expect(sent).toEqual([true]);
  tab.close();
});
