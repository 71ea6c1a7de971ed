import { expect, test } from "vitest";
import { systemClock } from "../../clock.ts";
import { MemoryHub } from "../../cluster/memory-hub.ts";
import { MemoryCluster } from "../../cluster/memory.ts";
import { UploadSlots } from "./upload-slots.ts";

const megabyte = 1_000_000;

test("bytes of uploads under way are reserved, for everybody and for their user", async () => {
  const slots = new UploadSlots(new MemoryCluster(systemClock));
  const held = Promise.withResolvers<void>();
  const first = slots.during({ userId: 1, personId: 1, bytes: megabyte }, () => held.promise);
  const second = slots.during({ userId: 2, personId: 2, bytes: 2 * megabyte }, () => held.promise);
  const seen = await slots.during({ userId: 1, personId: 1, bytes: 4 * megabyte }, async (reserved) => reserved);
  expect(seen).toEqual({ total: 7 * megabyte, ofPerson: 5 * megabyte });
  held.resolve();
  await Promise.all([first, second]);
  const alone = await slots.during({ userId: 1, personId: 1, bytes: 1 }, async (reserved) => reserved);
  expect(alone).toEqual({ total: 1, ofPerson: 1 });
});

test("bytes of one's bots are reserved for oneself, and each has slots of its own", async () => {
  const slots = new UploadSlots(new MemoryCluster(systemClock));
  const held = Promise.withResolvers<void>();
  const own = { personId: 1, bytes: megabyte };
  const running = [1, 2, 3].map((userId) => slots.during({ userId, ...own }, () => held.promise));
  const others = slots.during({ userId: 4, personId: 4, bytes: megabyte }, () => held.promise);
  expect(await slots.during({ userId: 2, ...own }, async ({ ofPerson }) => ofPerson)).toBe(4 * megabyte);
  held.resolve();
  await Promise.all([...running, others]);
});

test("a reservation ends when its upload fails", async () => {
  const slots = new UploadSlots(new MemoryCluster(systemClock));
  const failing = slots.during({ userId: 1, personId: 1, bytes: megabyte }, () => Promise.reject(new Error("cut off")));
  await expect(failing).rejects.toThrow("cut off");
  expect(await slots.during({ userId: 1, personId: 1, bytes: 1 }, async ({ total }) => total)).toBe(1);
});

test("a seventh upload of a user at the same time is refused, one of another user is not", async () => {
  const slots = new UploadSlots(new MemoryCluster(systemClock));
  const held = Promise.withResolvers<void>();
  const running = Array.from({ length: 6 }, () =>
    slots.during({ userId: 1, personId: 1, bytes: 1 }, () => held.promise),
  );
  await expect(slots.during({ userId: 1, personId: 1, bytes: 1 }, async () => {})).rejects.toMatchObject({
    code: "rate_limited",
  });
  await slots.during({ userId: 2, personId: 2, bytes: 1 }, async () => {});
  held.resolve();
  await Promise.all(running);
});

test("uploads of a user on two nodes count together, and those of a node that is gone no longer", async () => {
  const hub = new MemoryHub(systemClock);
  const nodes = await Promise.all([hub.join(), hub.join()]);
  const [first, second] = nodes.map((node) => new UploadSlots(node));
  const held = Promise.withResolvers<void>();
  const running = [1, 2, 3].flatMap(() =>
    [first, second].map((slots) => slots!.during({ userId: 1, personId: 1, bytes: megabyte }, () => held.promise)),
  );
  await expect(first!.during({ userId: 1, personId: 1, bytes: 1 }, async () => {})).rejects.toMatchObject({
    code: "rate_limited",
  });
  expect(await second!.during({ userId: 2, personId: 2, bytes: 1 }, async ({ total }) => total)).toBe(6 * megabyte + 1);
  await nodes[0].close();
  const seen = await second!.during({ userId: 1, personId: 1, bytes: 1 }, async (reserved) => reserved);
  expect(seen).toEqual({ total: 3 * megabyte + 1, ofPerson: 3 * megabyte + 1 });
  held.resolve();
  await Promise.all(running);
  await nodes[1].close();
  hub.close();
});
