import { createClient } from "redis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../clock.ts";
import { eventually } from "../testing/eventually.ts";
import { startRedis, type TestRedis } from "../testing/redis.ts";
import { RedisLink, type RedisLinkOptions } from "./redis-link.ts";

let redis: TestRedis;
let links: RedisLink[];

beforeEach(async () => {
  redis = await startRedis();
  links = [];
  return () => redis.dispose();
});

afterEach(() => {
  redis.resume();
  for (const link of links) link.close();
});

function link(options: Partial<RedisLinkOptions> = {}): RedisLink {
  const made = new RedisLink({ url: redis.url, clock: systemClock, ...options });
  links.push(made);
  return made;
}

async function cutAll(): Promise<void> {
  const client = createClient({ url: redis.url });
  await client.connect();
  await client.sendCommand(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
  client.destroy();
}

test("the first connection is tried once, and its failure is whoever's who opens it", async () => {
  const onError = vi.fn<() => void>();
  const unreachable = link({ url: "redis://127.0.0.1:1", onError });
  await expect(unreachable.open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await expect(unreachable.ping()).rejects.toThrow("Redis is not connected.");
  expect(unreachable.client).toBeNull();
});

test("a connection that is cut is made again: prepared first, then reported", async () => {
  const story: string[] = [];
  const cut = link({
    prepare: async (client) => void story.push(`prepared ${await client.ping()}`),
    onRestored: () => story.push("restored"),
    onError: () => story.push("lost"),
  });
  await cut.open();
  const { client } = cut;
  await cutAll();
  await eventually(() => expect(story.at(-1)).toBe("restored"));
  expect(story).toEqual(["prepared PONG", "lost", "prepared PONG", "restored"]);
  expect(cut.client).not.toBe(client);
  await expect(cut.ping()).resolves.toBeLessThan(3_000);
});

test("a connection that cannot be prepared is made again until it can", async () => {
  let refusals = 0;
  const onRestored = vi.fn<() => void>();
  const stubborn = link({
    prepare: () => (refusals-- > 0 ? Promise.reject(new Error("not yet")) : Promise.resolve()),
    onRestored,
  });
  await stubborn.open();
  refusals = 3;
  await cutAll();
  await eventually(() => expect(onRestored).toHaveBeenCalledTimes(1));
  expect(refusals).toBe(-1);
});

test("a server that hangs counts as lost within four seconds, and is used again once it answers", async () => {
  const onRestored = vi.fn<() => void>();
  const onError = vi.fn<(error: unknown) => void>();
  const hanging = link({ onRestored, onError });
  await hanging.open();
  redis.pause();
  // Three times the four seconds: the machine also does other things.
  await vi.waitFor(() => expect(hanging.client).toBeNull(), { timeout: 12_000, interval: 20 });
  expect(onError).toHaveBeenCalledWith(new Error("Redis does not answer."));
  redis.resume();
  await eventually(() => expect(onRestored).toHaveBeenCalled());
  await hanging.ping();
});

test("a process that stood still keeps its connection", async () => {
  const onError = vi.fn<(error: unknown) => void>();
  const kept = link({ onError });
  await kept.open();
  const { client } = kept;
  // Longer than the silence after which a server counts as lost.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_500);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(kept.client).toBe(client);
  expect(onError).not.toHaveBeenCalled();
});

test("a closed link makes no connection again", async () => {
  const onRestored = vi.fn<() => void>();
  const closed = link({ onRestored });
  await closed.open();
  await cutAll();
  closed.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(closed.client).toBeNull();
  expect(onRestored).not.toHaveBeenCalled();
});
