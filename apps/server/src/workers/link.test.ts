import { afterEach, expect, test, vi } from "vitest";
import { AppError, OverloadError } from "../errors.ts";
import { StartupError } from "../startup-error.ts";
import { DatabaseError, isUniqueViolation } from "../store/sql-dialect.ts";
import { Link } from "./link.ts";
import { portPair } from "./testing/port-pair.ts";

afterEach(() => void vi.useRealTimers());

type Far = {
  double(number: number): number;
  note(text: string): void;
  fail(kind: keyof typeof errors): void;
  wait(): Promise<void>;
};

const errors = {
  app: new AppError("rate_limited", "Too fast.", { retryAfterMs: 70, details: { scope: "all" } }),
  overload: new OverloadError(),
  database: new DatabaseError("unique", "constraint failed"),
  startup: new StartupError("Port 80 is taken."),
  other: new TypeError("no function"),
};

function createPair() {
  const ports = portPair();
  const near = new Link<Far>(ports.near);
  const far = new Link<{ see(text: string): void }>(ports.far);
  const trace: string[] = [];
  near.serve({ see: (text: string) => trace.push(text) });
  far.serve({
    double(number) {
      far.notify("see", `doubling ${number}`);
      return number * 2;
    },
    note: (text) => trace.push(text),
    fail(kind) {
      throw errors[kind];
    },
    wait: () => new Promise<void>(() => {}),
  } satisfies Far);
  return { ports, near, far, trace };
}

test("calls are answered, and what was sent before an answer arrives before it", async () => {
  const { near, trace } = createPair();
  const answers = Promise.all([1, 2, 3].map(async (number) => trace.push(`${await near.call("double", number)}`)));
  near.notify("note", "noted");
  await answers;
  expect(trace).toEqual(["noted", "doubling 1", "doubling 2", "doubling 3", "2", "4", "6"]);
});

test("a patient item leaves with the next message, after what was given before it, and by itself when none comes", async () => {
  const { ports, near, trace } = createPair();
  let messages = 0;
  const send = ports.near.send.bind(ports.near);
  ports.near.send = (message, sent) => {
    messages += 1;
    send(message, sent);
  };
  // Not before the test says so, however slow the machine is.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  near.notify("note", "patient", true);
  await new Promise((resolve) => void setImmediate(resolve));
  expect(messages).toBe(0);
  await near.call("double", 1);
  expect(trace).toEqual(["patient", "doubling 1"]);
  expect(messages).toBe(1);
  near.notify("note", "alone", true);
  vi.runAllTimers();
  vi.useRealTimers();
  await expect.poll(() => trace.at(-1)).toBe("alone");
  near.notify("note", "last", true);
  await near.flush();
  expect(trace.at(-1)).toBe("last");
});

test("an error keeps its kind, code and details on its way through a link", async () => {
  const { near } = createPair();
  const fails = (kind: keyof typeof errors) => near.call("fail", kind).catch((error: unknown) => error);
  expect(await fails("app")).toMatchObject({ code: "rate_limited", retryAfterMs: 70, details: { scope: "all" } });
  expect(await fails("overload")).toBeInstanceOf(OverloadError);
  expect(isUniqueViolation(await fails("database"))).toBe(true);
  expect(await fails("startup")).toBeInstanceOf(StartupError);
  expect(await fails("other")).toMatchObject({ message: "no function", stack: errors.other.stack });
});

test("a link whose other end dies rejects what waits and what comes later with unavailable", async () => {
  const { near, ports } = createPair();
  const waiting = near.call("wait", undefined);
  await near.flush();
  ports.cut();
  await expect(waiting).rejects.toMatchObject({ code: "unavailable" });
  await expect(near.call("double", 1)).rejects.toMatchObject({ code: "unavailable" });
});

test("a link reports an overflow when the other end stands still, and refuses calls beyond its bound", async () => {
  const { near, ports } = createPair();
  let overflows = 0;
  near.onOverflow(() => (overflows += 1));
  ports.pause();
  near.notify("note", "on its way");
  await new Promise((resolve) => void setImmediate(resolve));
  for (let count = 0; count < 100_000; count += 1) near.call("double", count).catch(() => {});
  expect(overflows).toBe(0);
  await expect(near.call("double", 1)).rejects.toMatchObject({ code: "unavailable" });
  near.notify("note", "one too many");
  expect(overflows).toBe(1);
});
