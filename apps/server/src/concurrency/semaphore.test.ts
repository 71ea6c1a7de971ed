import { expect, test } from "vitest";
import { Turnstile } from "./semaphore.ts";

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

test("lets so many in at a time, in their order, and one that fails makes room as well", async () => {
  const turnstile = new Turnstile(2);
  const inside: number[] = [];
  const stays = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const leave = (id: number, error?: Error) => (error ? stays[id]!.reject(error) : stays[id]!.resolve());
  const passed = stays.map(({ promise }, id) =>
    turnstile.pass(async () => {
      inside.push(id);
      await promise;
      return id;
    }),
  );
  await turn();
  expect(inside).toEqual([0, 1]);
  leave(1, new Error("no"));
  await expect(passed[1]).rejects.toThrow("no");
  await turn();
  expect(inside).toEqual([0, 1, 2]);
  leave(0);
  await turn();
  expect(inside).toEqual([0, 1, 2, 3]);
  leave(2);
  leave(3);
  expect(await Promise.all([passed[0], passed[2], passed[3]])).toEqual([0, 2, 3]);
});
