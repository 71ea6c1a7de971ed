import { expect, test } from "vitest";
import { Lines } from "./lines.ts";

test("the lines of a mutex are served in turn, one at a time, each in order of arrival", async () => {
  const lines = new Lines();
  const [a, b] = [lines.open(), lines.open()];
  const order: string[] = [];
  let running = 0;
  const work = (name: string) => async () => {
    expect((running += 1)).toBe(1);
    order.push(name);
    await new Promise(setImmediate);
    running -= 1;
  };
  const all = ["a1", "a2", "a3", "a4"].map((name) => a.run(work(name)));
  await Promise.all([...all, b.run(work("b1")), b.run(work("b2"))]);
  expect(order).toEqual(["a1", "b1", "a2", "b2", "a3", "a4"]);
});

test("work that rejects, and a turn that is ended twice, pass on one turn", async () => {
  const lines = new Lines();
  const [a, b] = [lines.open(), lines.open()];
  await expect(a.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  const end = await a.acquire();
  const order: string[] = [];
  const [second, third] = [b.acquire(), b.acquire()];
  void second.then(() => order.push("second"));
  void third.then(() => order.push("third"));
  end();
  end();
  const endSecond = await second;
  await new Promise(setImmediate);
  expect(order).toEqual(["second"]);
  endSecond();
  await third;
  expect(order).toEqual(["second", "third"]);
});
