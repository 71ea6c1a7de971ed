import { afterEach, expect, test, vi } from "vitest";
import { fetchOrTakeEarly } from "./early-requests.ts";

afterEach(() => vi.unstubAllGlobals());

test("an early answer is used once, by the request of its path; others go out", async () => {
  const sent = vi.fn<() => Promise<Response>>(async () => new Response("later"));
  vi.stubGlobal("fetch", sent);
  vi.stubGlobal("miscordEarly", { "/api/instance": Promise.resolve(new Response("early")) });
  const ask = async (path: string) => (await fetchOrTakeEarly(path)).text();
  expect([await ask("/api/servers"), await ask("/api/instance"), await ask("/api/instance")]).toEqual([
    "later",
    "early",
    "later",
  ]);
  expect(sent).toHaveBeenCalledTimes(2);
});

test("a page whose start script did not run sends every request itself", async () => {
  vi.stubGlobal("fetch", async () => new Response("sent"));
  expect(await (await fetchOrTakeEarly("/api/instance")).text()).toBe("sent");
});
