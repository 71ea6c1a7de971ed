import { beforeEach, describe, expect, test } from "vitest";
import { bob, ChannelStory } from "../testing/channel-story.ts";
import { settled } from "../testing/manual-clock.ts";

let story: ChannelStory;

beforeEach(async () => {
  story = await ChannelStory.begin();
  return () => story.client.close();
});

const requests = () => story.server.calls.filter((call) => call.startsWith("GET "));

test("a resync loads the servers, the inbox and the own profile again, and keeps the connection", async () => {
  story.server.calls.length = 0;
  const renamed = { ...story.server.server, name: "Renamed" };
  story.server.answers.set("GET /api/servers", () => Response.json({ servers: [renamed] }));
  story.server.socket.deliver({ type: "resync", timestamp: 0 });
  await settled();
  expect(requests().toSorted()).toEqual([
    "GET /api/auth/me",
    "GET /api/dms",
    "GET /api/notifications",
    "GET /api/servers",
  ]);
  const { servers, connection } = story.client.store.getState();
  expect(servers[1]?.name).toBe("Renamed");
  expect(connection).toMatchObject({ status: "online", ready: true });
  expect(story.server.sockets).toHaveLength(1);
});

test("events that arrive during a resync are applied to what it has loaded", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const stale = Response.json({ servers: [story.server.server] });
  story.server.answers.set("GET /api/servers", () => promise);
  story.server.socket.deliver({ type: "resync", timestamp: 0 });
  await settled();
  const created_at = new Date(0).toISOString();
  const server = {
    id: 1,
    name: "Renamed",
    owner_id: 1,
    created_at,
    everyone_role_id: 1,
    raid_mode: null,
    retention: null,
    verification: null,
    onboarding_since: null,
    description: "",
    is_public: false,
    is_unlisted: false,
    factor_required: false,
    icon_url: null,
  };
  story.server.socket.deliver({ type: "server_updated", server });
  resolve(stale);
  await settled();
  expect(story.client.store.getState().servers[1]?.name).toBe("Renamed");
});

test("a second resync while the first one loads is followed by another load", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  story.server.answers.set("GET /api/servers", () => promise);
  story.server.socket.deliver({ type: "resync", timestamp: 0 });
  await settled();
  story.server.socket.deliver({ type: "resync", timestamp: 1 });
  const renamed = { ...story.server.server, name: "Renamed" };
  story.server.answers.set("GET /api/servers", () => Response.json({ servers: [renamed] }));
  resolve(Response.json({ servers: [story.server.server] }));
  await settled();
  expect(story.client.store.getState().servers[1]?.name).toBe("Renamed");
});

describe("the own account", () => {
  const announce = () => story.server.socket.deliver({ type: "me_updated", user_id: 1 });
  const name = () => story.client.store.getState().session.me?.display_name;
  const answerMe = (display_name: string) => Response.json({ ...story.server.me, display_name });
  const unavailable = () => Response.json({ error: { code: "unavailable", message: "" } }, { status: 503 });

  test("is read again after a read that failed", async () => {
    story.server.answers.set("GET /api/auth/me", unavailable);
    announce();
    // Longer than a request is repeated by itself.
    await story.server.clock.advance(10_000);
    story.server.answers.set("GET /api/auth/me", () => answerMe("Alicia"));
    await story.server.clock.advance(2_000);
    expect(name()).toBe("Alicia");
  });

  test("is not read again by a client that was closed", async () => {
    story.server.answers.set("GET /api/auth/me", unavailable);
    announce();
    await settled();
    story.client.close();
    story.server.calls.length = 0;
    await story.server.clock.advance(10_000);
    expect(requests()).toEqual([]);
  });

  test("is read once more when it changes while it is read", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    story.server.answers.set("GET /api/auth/me", () => promise);
    announce();
    await settled();
    announce();
    story.server.answers.set("GET /api/auth/me", () => answerMe("Alicia"));
    resolve(answerMe("Alice"));
    await settled();
    expect(name()).toBe("Alicia");
  });

  test("stays as a later read has shown it when the answer to an earlier one comes last", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    story.server.answers.set("GET /api/auth/me", () => promise);
    announce();
    await settled();
    story.server.answers.set("GET /api/auth/me", () => answerMe("Alicia"));
    await story.client.reloadMe();
    resolve(answerMe("Alice"));
    await settled();
    expect(name()).toBe("Alicia");
  });
});

test("the count of members is that of the list where it is shown, also when the event of a listed member comes late", async () => {
  const count = () => story.client.store.getState().servers[1]?.member_count;
  const list = (total: number) =>
    story.server.socket.deliver({
      type: "member_list",
      server_id: 1,
      page: 0,
      groups: [
        { id: "online", count: 1 },
        { id: "offline", count: total - 1 },
      ],
      rows: [{ id: 1, status: "online" }],
    });
  story.client.watchMembers(1, [0]);
  list(5);
  const joined_at = new Date(0).toISOString();
  const member = { ...bob, status: "offline" as const, joined_at, is_owner: false, role_ids: [7] };
  story.server.socket.deliver({
    type: "member_joined",
    server_id: 1,
    member: { ...member, timed_out_until: null, nickname: null },
  });
  await settled();
  expect(count()).toBe(5);
  list(6);
  expect(count()).toBe(6);
});
