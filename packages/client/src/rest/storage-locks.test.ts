import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { createStorageLocks } from "./storage-locks.ts";

let clock: ManualClock;
let storage: Storage;

beforeEach(() => {
  clock = new ManualClock();
  const values = new Map<string, string>();
  storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  } as Storage;
});

test("storage locks let only one of several tabs run at a time", async () => {
  let inside = 0;
  let most = 0;
  const tab = () =>
    createStorageLocks(storage, clock).request("refresh", async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 200));
      inside -= 1;
      return "done";
    });
  const all = Promise.all([tab(), tab(), tab()]);
  await clock.advance(5_000);
  expect(await all).toEqual(["done", "done", "done"]);
  expect(most).toBe(1);
});

test("a storage lock held by a closed tab expires", async () => {
  void createStorageLocks(storage, clock).request("refresh", () => new Promise(() => {}));
  await clock.advance(100);
  const next = createStorageLocks(storage, clock).request("refresh", async () => "mine");
  await clock.advance(11_000);
  expect(await next).toBe("mine");
});

test("a storage lock is released when its callback rejects", async () => {
  const locks = createStorageLocks(storage, clock);
  const failed = locks.request("refresh", () => Promise.reject(new Error("no")));
  await Promise.all([expect(failed).rejects.toThrow("no"), clock.advance(100)]);
  const next = locks.request("refresh", async () => "mine");
  await clock.advance(100);
  expect(await next).toBe("mine");
});
