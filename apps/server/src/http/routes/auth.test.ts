import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Credentials, Me, SessionInfo } from "@miscord/protocol";
import { withStore } from "../../admin/open-store.ts";
import { insertSession, liveSessions } from "../../store/queries/sessions.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
let server: TestServer;
const clock = new ManualClock(Date.now());

beforeAll(async () => {
  server = await startTestServer({}, { clock });
});
afterAll(() => server.cleanup());

/** A browser with the same cookies. */
function copyOf(client: TestClient): TestClient {
  const copy = new TestClient(server.url);
  for (const [name, value] of client.cookies) copy.cookies.set(name, value);
  return copy;
}

describe("registering", () => {
  test("returns a short-lived token and the own user without the password", async () => {
    const client = new TestClient(server.url);
    const body = { username: "Ada", email: "ada@example.org", password, display_name: "Ada L." };
    const answer = await client.request<Credentials>("POST", "/api/auth/register", { body });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ token_type: "bearer", expires_in: 900 });
    expect(answer.body.user).toMatchObject({ username: "Ada", email: "ada@example.org", display_name: "Ada L." });
    expect(JSON.stringify(answer.body)).not.toContain(password);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("refuses a username that differs only in case, and the reserved name everyone", async () => {
    await TestClient.register(server.url, "Grace");
    for (const username of ["gRACE", "everyone"]) {
      const body = { username, email: "other@example.org", password };
      const answer = await new TestClient(server.url).request("POST", "/api/auth/register", { body });
      expect(answer).toMatchObject({ status: 409, code: "username_taken" });
    }
  });

  test("gives a name that is requested twice at once to one user only", async () => {
    const body = { username: "twin", email: "twin@example.org", password };
    const answers = await Promise.all(
      [1, 2].map(() => new TestClient(server.url).request("POST", "/api/auth/register", { body })),
    );
    expect(answers.map((answer) => answer.status)).toEqual(expect.arrayContaining([201, 409]));
  });

  test("does not reveal whether an e-mail address is registered", async () => {
    await TestClient.register(server.url, "mail1", { email: "same@example.org" });
    const second = await TestClient.register(server.url, "mail2", { email: "same@example.org" });
    expect(second.me.email).toBe("same@example.org");
  });
});

describe("logging in", () => {
  test("answers an unknown username and a wrong password alike", async () => {
    await TestClient.register(server.url, "known");
    const client = new TestClient(server.url);
    const bodies = [
      { username: "known", password: "wrong password" },
      { username: "nobody-of-this-name", password: "wrong password" },
    ];
    const [wrong, unknown] = await Promise.all(
      bodies.map((body) => client.request("POST", "/api/auth/login", { body })),
    );
    expect(wrong).toMatchObject({ status: 401, code: "invalid_credentials" });
    expect(unknown!.body).toEqual(wrong!.body);
  });

  test.each([
    ["a form", () => new URLSearchParams({ username: "legacy", password })],
    [
      "a multipart form",
      () => {
        const form = new FormData();
        form.set("username", "legacy");
        form.set("password", password);
        return form;
      },
    ],
  ])("with %s returns a long-lived token without cookies, which can be revoked", async (_name, form) => {
    const owner =
      (await TestClient.register(server.url, "legacy").catch(() => null)) ??
      (await TestClient.logIn(server.url, "legacy"));
    const client = new TestClient(server.url);
    const answer = await client.request<Credentials>("POST", "/api/auth/login", { body: form() });
    expect(answer).toMatchObject({ status: 200, body: { expires_in: 7 * 86_400 } });
    expect(client.cookies.size).toBe(0);
    client.token = answer.body.access_token;
    await client.get("/api/auth/me");

    const { sessions } = await owner.get<{ sessions: SessionInfo[] }>("/api/auth/sessions");
    const theirs = sessions.filter((session) => !session.is_current);
    await Promise.all(theirs.map((session) => owner.delete(`/api/auth/sessions/${session.id}`)));
    expect(await client.request("GET", "/api/auth/me")).toMatchObject({ status: 401, code: "unauthorized" });
  });
});

describe("a name", () => {
  const register = (username: string, more: object = {}) =>
    new TestClient(server.url).request<Credentials>("POST", "/api/auth/register", {
      body: { username, email: "n@example.org", password, ...more },
    });

  test("that looks like another person's is taken", async () => {
    expect((await register("skeleton")).status).toBe(201);
    for (const name of ["ѕkeleton", "skeIeton", "skeleton".toUpperCase(), "sкеlеtоn"]) {
      expect(await register(name)).toMatchObject({ status: 409, code: "username_taken" });
    }
    expect(await register("еveryone")).toMatchObject({ code: "username_taken" });
  });

  test("may have letters with marks, and is one name however they are composed", async () => {
    expect(await register("हिन्दी")).toMatchObject({ status: 201, body: { user: { username: "हिन्दी" } } });
    expect(await register("caf\u0065\u0301")).toMatchObject({ status: 201, body: { user: { username: "caf\u00E9" } } });
    expect(await register("caf\u00E9")).toMatchObject({ code: "username_taken" });
  });

  test.each(["\u3164\u3164", "a\u200Bb", "\u202Eab", "\u115F\u1160"])(
    "of what cannot be seen is refused: %j",
    async (name) => {
      expect(await register(name)).toMatchObject({ status: 400 });
      expect(await register("visible", { display_name: name.replace(/[a-z]/g, "") })).toMatchObject({ status: 400 });
    },
  );

  test("to show is cleaned of what turns the text around it", async () => {
    const answer = await register("turner", { display_name: " \u202EAnn\u200B\u00A0 Lee\u2066 " });
    expect(answer.body.user.display_name).toBe("Ann Lee");
  });
});

describe("a session", () => {
  test("is refreshed by its cookie, which is httpOnly and same-site", async () => {
    const client = await TestClient.register(server.url, "cookie");
    const answer = await client.refresh();
    expect(answer.status).toBe(200);
    const cookies = answer.headers.getSetCookie();
    const paths = cookies.map((line) => /Path=([^;]+)/.exec(line)?.[1]);
    expect(paths).toEqual(["/api/auth", "/api/attachments", "/api/me/exports", "/api/gifs"]);
    for (const line of cookies) expect(line).toMatch(/HttpOnly; SameSite=Strict/);
    await client.get("/api/auth/me");
  });

  test("is revoked when a refresh token is used again later", async () => {
    const client = await TestClient.register(server.url, "reuse");
    const thief = copyOf(client);
    expect((await client.refresh()).status).toBe(200);
    clock.advance(60_000);
    expect(await thief.refresh()).toMatchObject({ status: 401, code: "unauthorized" });
    expect(await client.request("GET", "/api/auth/me")).toMatchObject({ status: 401 });
    expect((await client.refresh()).status).toBe(401);
  });

  test("stays when somebody who knows its id refreshes with a made-up secret, or with one spent long ago", async () => {
    const client = await TestClient.register(server.url, "knownid");
    const attacker = new TestClient(server.url);
    const first = client.cookies.get("miscord_refresh")!;
    const [sessionId] = first.split(".");
    expect((await client.refresh()).status).toBe(200);
    expect((await client.refresh()).status).toBe(200);
    for (const cookie of [`${sessionId}.made-up`, first, `${sessionId}.`, "unknown.secret"]) {
      attacker.cookies.set("miscord_refresh", cookie);
      expect(await attacker.refresh()).toMatchObject({ status: 401, code: "unauthorized" });
    }
    await client.get("/api/auth/me");
    expect((await client.refresh()).status).toBe(200);
  });

  test("survives the loss of an answer: who asks again within a minute gets the same refresh token", async () => {
    const client = await TestClient.register(server.url, "lost");
    const before = copyOf(client);
    const [first, second] = await Promise.all([client.refresh(), copyOf(before).refresh()]);
    expect([first.status, second.status]).toEqual([200, 200]);
    clock.advance(59_000);
    expect((await before.refresh()).status).toBe(200);
    expect(before.cookies.get("miscord_refresh")).toBe(client.cookies.get("miscord_refresh"));
    expect((await before.refresh()).status).toBe(200);
    expect((await client.refresh()).status).toBe(200);
    await client.get("/api/auth/me");
  });

  test("is not refreshed by pages of other origins", async () => {
    const client = await TestClient.register(server.url, "origin");
    client.token = null;
    const foreign = { headers: { origin: "https://evil.example" } };
    expect(await client.request("POST", "/api/auth/refresh", foreign)).toMatchObject({ status: 403 });
    expect(await client.request("POST", "/api/auth/logout", foreign)).toMatchObject({ status: 403 });
    const own = { headers: { origin: server.url } };
    expect(await client.request("POST", "/api/auth/refresh", own)).toMatchObject({ status: 200 });
  });

  test("is revoked by logging out, with the cookie or the bearer token", async () => {
    const client = await TestClient.register(server.url, "leaver");
    const token = client.token;
    client.token = null;
    expect((await client.request("POST", "/api/auth/logout")).status).toBe(204);
    expect(client.cookies.size).toBe(0);
    client.token = token;
    expect((await client.request("GET", "/api/auth/me")).status).toBe(401);

    const second = await TestClient.logIn(server.url, "leaver");
    await second.post("/api/auth/logout");
    expect((await second.request("GET", "/api/auth/me")).status).toBe(401);
  });

  test("is not revoked by a used or forged cookie", async () => {
    const client = await TestClient.register(server.url, "forged");
    const forger = new TestClient(server.url);
    const [sessionId] = client.cookies.get("miscord_refresh")!.split(".");
    forger.cookies.set("miscord_refresh", `${sessionId}.guess`);
    await forger.request("POST", "/api/auth/logout");
    expect((await client.request("GET", "/api/auth/me")).status).toBe(200);
  });

  test("expires when it is not used, and its access token after its lifetime", async () => {
    const client = await TestClient.register(server.url, "sleeper");
    clock.leap(901_000);
    expect((await client.request("GET", "/api/auth/me")).status).toBe(401);
    expect((await client.refresh()).status).toBe(200);
    clock.leap(31 * 86_400_000);
    expect((await client.refresh()).status).toBe(401);
  });

  test("is one of a hundred at most: of more those end that were used longest ago", async () => {
    const client = await TestClient.register(server.url, "busy");
    clock.leap(1_000);
    await withStore(server.config, async ({ db }) => {
      const [row] = await liveSessions(db, client.me.id, clock.now());
      const other = { ...row!, refresh_hash: null, last_used_at: clock.now() };
      for (let count = 0; count < 99; count += 1) await insertSession(db, { ...other, id: `busy-${count}` });
    });
    clock.leap(1_000);
    const next = await TestClient.logIn(server.url, "busy");
    expect((await client.request("GET", "/api/auth/me")).status).toBe(401);
    expect((await next.get<{ sessions: SessionInfo[] }>("/api/auth/sessions")).sessions).toHaveLength(100);
  });

  test("of another user cannot be listed or revoked", async () => {
    const [one, other] = [await TestClient.register(server.url, "s1"), await TestClient.register(server.url, "s2")];
    const { sessions } = await one.get<{ sessions: SessionInfo[] }>("/api/auth/sessions");
    expect(sessions).toMatchObject([{ is_current: true, address: "127.0.0.1" }]);
    expect(await other.request("DELETE", `/api/auth/sessions/${sessions[0]!.id}`)).toMatchObject({ status: 404 });
    await one.get("/api/auth/me");
  });
});

describe("the own account", () => {
  test("accepts a new password only with the old one, and then logs out all other devices", async () => {
    const client = await TestClient.register(server.url, "changer");
    const other = await TestClient.logIn(server.url, "changer");
    const wrong = { current_password: "not the one", new_password: "another password" };
    expect(await client.request("POST", "/api/auth/password", { body: wrong })).toMatchObject({ status: 403 });
    await client.post("/api/auth/password", { current_password: password, new_password: "another password" });
    await client.get("/api/auth/me");
    expect((await other.request("GET", "/api/auth/me")).status).toBe(401);
    expect((await other.refresh()).status).toBe(401);
    const body = { username: "changer", password: "another password" };
    expect((await other.request("POST", "/api/auth/login", { body })).status).toBe(200);
  });

  test("stores changes of profile and settings", async () => {
    const client = await TestClient.register(server.url, "profile");
    const change = { display_name: "New", avatar_color: "#123abc", locale: "ru", theme: "dark" };
    expect(await client.patch<Me>("/api/auth/me", change)).toMatchObject(change);
    expect(await client.get<Me>("/api/auth/me")).toMatchObject(change);
    const bad = await client.request("PATCH", "/api/auth/me", { body: { theme: "pink" } });
    expect(bad).toMatchObject({ status: 400, code: "invalid_request" });
  });
});

describe("the claim link of the first start", () => {
  test("makes its first user the administrator, once", async () => {
    const fresh = await startTestServer();
    try {
      const first = new URL(fresh.claimUrl!).hash.slice(1);
      await fresh.restart();
      const token = new URL(fresh.claimUrl!).hash.slice(1);
      expect(token).not.toBe(first);
      const client = await TestClient.register(fresh.url, "admin");
      const claim = (claim_token: string) => client.request<Me>("POST", "/api/admin/claim", { body: { claim_token } });
      expect(await claim(first)).toMatchObject({ status: 403 });
      expect(await claim(token)).toMatchObject({ status: 200, body: { is_admin: true } });
      expect(await claim(token)).toMatchObject({ status: 403 });
      await fresh.restart();
      expect(fresh.claimUrl).toBeNull();
    } finally {
      await fresh.cleanup();
    }
  });

  test("allows registration even where registration is closed", async () => {
    const closed = await startTestServer({ registration: "closed" });
    try {
      const claim_token = new URL(closed.claimUrl!).hash.slice(1);
      const admin = await TestClient.register(closed.url, "admin", { claim_token });
      expect(admin.me.is_admin).toBe(true);
      await expect(TestClient.register(closed.url, "guest")).rejects.toThrow("registration_closed");
      await expect(TestClient.register(closed.url, "guest", { claim_token })).rejects.toThrow("403");
    } finally {
      await closed.cleanup();
    }
  });
});
