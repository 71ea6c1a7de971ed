import { expect, test } from "vitest";
import { Semaphore } from "./semaphore.ts";

const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));

test("a semaphore runs as many tasks at once as it has permits, in order of arrival, and a failed task frees its permit", async () => {
  const semaphore = new Semaphore(2);
  const running: number[] = [];
  const tasks = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const finish = (id: number, error?: Error) => (error ? tasks[id]!.reject(error) : tasks[id]!.resolve());
  const results = tasks.map(({ promise }, id) =>
    semaphore.run(async () => {
      running.push(id);
      await promise;
      return id;
    }),
  );
  await nextTurn();
  expect(running).toEqual([0, 1]);
  expect(semaphore.waitingCount).toBe(2);
  finish(1, new Error("no"));
  await expect(results[1]).rejects.toThrow("no");
  await nextTurn();
  expect(running).toEqual([0, 1, 2]);
  finish(0);
  await nextTurn();
  expect(running).toEqual([0, 1, 2, 3]);
  finish(2);
  finish(3);
  expect(await Promise.all([results[0], results[2], results[3]])).toEqual([0, 2, 3]);
});

test("releasing a permit twice does not release the permit of the next holder", async () => {
  const mutex = new Semaphore(1);
  const releaseFirst = await mutex.acquire();
  const order: string[] = [];
  const second = mutex.acquire().then((release) => (order.push("second"), release));
  const third = mutex.acquire().then((release) => (order.push("third"), release));
  releaseFirst();
  releaseFirst();
  const releaseSecond = await second;
  await nextTurn();
  expect(order).toEqual(["second"]);
  releaseSecond();
  await third;
  expect(order).toEqual(["second", "third"]);
});
