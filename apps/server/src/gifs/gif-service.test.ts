import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Page, PublicPages } from "../outgoing/public-pages.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { createGifService } from "./gif-service.ts";
import { giphy } from "./giphy.ts";

async function* bytes() {
  yield Buffer.from("GIF89a");
}

test("pictures are read a few at once, and of very many the last are refused", async () => {
  let running = 0;
  let most = 0;
  const open = async () => {
    running += 1;
    most = Math.max(most, running);
    await setImmediate();
    running -= 1;
    return { body: bytes(), isCut: () => false } as Partial<Page>;
  };
  const pages = { open } as unknown as PublicPages;
  const parts = { pages, clock: new ManualClock(), key: "key", url: undefined, onFault: () => {} };
  const service = createGifService(giphy, parts);
  const asked = Array.from({ length: 300 }, (_, at) => service.read(`https://media.example/${at}.gif`));
  const outcomes = await Promise.allSettled(asked);
  expect(most).toBe(24);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(264);
  expect(outcomes.at(-1)).toMatchObject({ reason: { code: "unavailable" } });
  expect((await service.read("https://media.example/later.gif")).toString()).toBe("GIF89a");
});
