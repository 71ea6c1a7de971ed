import { beforeEach, expect, test } from "vitest";
import { ChannelStory } from "../testing/channel-story.ts";
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
