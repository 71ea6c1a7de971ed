import { expect, test } from "vitest";
import { KeyedSemaphore } from "./keyed-semaphore.ts";

test("holders are bounded for each key on its own, and a key without holders is forgotten", async () => {
  const semaphore = new KeyedSemaphore<string>(2);
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const run = (key: string, name: string) =>
    semaphore.run(key, () => {
      started.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const all = [run("a", "a1"), run("a", "a2"), run("a", "a3"), run("b", "b1")];
  await Promise.resolve();
  await expect.poll(() => started).toEqual(["a1", "a2", "b1"]);
  ends[0]!();
  await expect.poll(() => started).toEqual(["a1", "a2", "b1", "a3"]);
  expect([semaphore.size, semaphore.usersOf("a"), semaphore.usersOf("b"), semaphore.usersOf("c")]).toEqual([
    2, 2, 1, 0,
  ]);
  for (const end of ends) end();
  await Promise.all(all);
  expect(semaphore.size).toBe(0);
});

test("work that rejects gives its permit back", async () => {
  const semaphore = new KeyedSemaphore<number>(1);
  const failed = semaphore.run(1, () => Promise.reject(new Error("no")));
  await expect(failed).rejects.toThrow("no");
  expect(await semaphore.run(1, () => Promise.resolve("yes"))).toBe("yes");
});
