import { afterEach, expect, test, vi } from "vitest";
import { fetchOrTakeEarly } from "./early-requests.ts";

afterEach(() => vi.unstubAllGlobals());

const text = async (path: string, authorization?: string) =>
  (await fetchOrTakeEarly(path, authorization === undefined ? {} : { headers: { authorization } })).text();
const early = (body: string, authorization?: string) =>
  Promise.resolve({ response: new Response(body), authorization });

test("an early answer is used once, by the request of its path; others go out", async () => {
  const sent = vi.fn<() => Promise<Response>>(async () => new Response("later"));
  vi.stubGlobal("fetch", sent);
  vi.stubGlobal("miscordEarly", { "/api/instance": early("early") });
  const answers = [await text("/api/servers"), await text("/api/instance"), await text("/api/instance")];
  expect(answers).toEqual(["later", "early", "later"]);
  expect(sent).toHaveBeenCalledTimes(2);
});

test("an early answer for one session is not shown to another", async () => {
  vi.stubGlobal("fetch", async () => new Response("own"));
  const ask = (asked: string | undefined, authorization: string | undefined) => {
    vi.stubGlobal("miscordEarly", { "/api/servers": early("early", asked) });
    return text("/api/servers", authorization);
  };
  expect(await ask("Bearer a", "Bearer a")).toBe("early");
  for (const [asked, wanted] of [
    ["Bearer a", "Bearer b"],
    ["Bearer a", undefined],
    [undefined, "Bearer a"],
  ] as const)
    expect(await ask(asked, wanted)).toBe("own");
  vi.stubGlobal("miscordEarly", { "/api/servers": Promise.resolve(null) });
  expect(await text("/api/servers", "Bearer a")).toBe("own");
});

test("a page whose start script did not run sends every request itself", async () => {
  vi.stubGlobal("fetch", async () => new Response("sent"));
  expect(await text("/api/instance")).toBe("sent");
});
