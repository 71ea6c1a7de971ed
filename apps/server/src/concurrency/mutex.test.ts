import { expect, test } from "vitest";
import { Turns } from "./mutex.ts";

test("a turn that is ended twice does not end that of the next", async () => {
  const turns = new Turns();
  const endFirst = await turns.take();
  const order: string[] = [];
  const second = turns.take().then((end) => (order.push("second"), end));
  const third = turns.take().then((end) => (order.push("third"), end));
  endFirst();
  endFirst();
  const endSecond = await second;
  await new Promise(setImmediate);
  expect(order).toEqual(["second"]);
  endSecond();
  await third;
  expect(order).toEqual(["second", "third"]);
});
