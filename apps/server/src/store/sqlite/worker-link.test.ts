import { expect, test } from "vitest";
import { WorkerLink } from "./worker-link.ts";

const prelude = `import { parentPort } from "node:worker_threads";
  parentPort.on("message", (message) => message === "end" && parentPort.close());`;
const script = (body: string) => new URL(`data:text/javascript,${encodeURIComponent(`${prelude}\n${body}`)}`);

const echoing = `parentPort.on("message", (values) => {
  if (values !== "end") for (const value of values) parentPort.postMessage({ value });
});`;
const echo = script(echoing);
const dying = script(`parentPort.on("message", () => process.exit(3))`);
const throwing = script(`parentPort.on("message", () => { throw new Error("worker fault") })`);
const failing = script(
  `parentPort.on("message", ([sqliteCode]) => parentPort.postMessage({ error: { message: "no", stack: "there", sqliteCode } }))`,
);

test("answers come back in the order of the requests", async () => {
  const link = new WorkerLink<number, number>(echo, null, () => {});
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  expect(await Promise.all(numbers.map((number) => link.call(number)))).toEqual(numbers);
  await link.close();
});

test.each([
  [dying, "A database worker ended with code 3."],
  [throwing, "worker fault"],
])("when a worker dies, pending and later calls reject and the death is reported once", async (source, reason) => {
  const reported: string[] = [];
  const link = new WorkerLink<number, number>(source, null, (error) => reported.push(error.message));
  const results = await Promise.allSettled([link.call(1), link.call(2)]);
  for (const result of results) expect(result).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
  await expect(link.call(3)).rejects.toMatchObject({ code: "unavailable", cause: { message: reason } });
  expect(reported).toEqual([reason]);
  await link.close();
});

test("closing answers earlier calls, rejects later ones and reports no death", async () => {
  const reported: Error[] = [];
  const link = new WorkerLink<number, number>(echo, null, (error) => reported.push(error));
  const asked = link.call(1);
  const closed = link.close();
  await expect(link.call(2)).rejects.toMatchObject({ code: "unavailable" });
  expect(await asked).toBe(1);
  await closed;
  expect(reported).toEqual([]);
});

test("closing lets the worker end by itself, and terminates one that does not", async () => {
  const stuck = script(`parentPort.close = () => {}; ${echoing}`);
  for (const source of [echo, stuck]) {
    const link = new WorkerLink<number, number>(source, null, () => {});
    await link.call(1);
    await link.close();
    await expect(link.call(2)).rejects.toMatchObject({ code: "unavailable" });
  }
});

test("close resolves when the worker dies while calls are pending", async () => {
  const link = new WorkerLink<number, number>(dying, null, () => {});
  const [asked] = await Promise.allSettled([link.call(1), link.close()]);
  expect(asked.status).toBe("rejected");
});

test("a request that cannot be cloned rejects alone", async () => {
  const link = new WorkerLink<unknown, number>(echo, null, () => {});
  const results = await Promise.allSettled([link.call(1), link.call(() => {}), link.call(3)]);
  expect(results.map((result) => (result.status === "fulfilled" ? result.value : result.status))).toEqual([
    1,
    "rejected",
    3,
  ]);
  await link.close();
});

test("errors of the worker keep their type and fault", async () => {
  const link = new WorkerLink<number | undefined, number>(failing, null, () => {});
  await expect(link.call(2067)).rejects.toMatchObject({ name: "DatabaseError", fault: "unique" });
  await expect(link.call(787)).rejects.toMatchObject({ name: "DatabaseError", fault: "foreign_key" });
  await expect(link.call(5)).rejects.toMatchObject({ name: "DatabaseError", fault: "other" });
  await expect(link.call(undefined)).rejects.toMatchObject({ name: "Error", stack: "there" });
  await link.close();
});
