import { expect, test } from "vitest";
import { withGif } from "./encode-gif.ts";

test("a person's GIFs are worked on one after the other, few wait, and those of others come in between", async () => {
  const done: string[] = [];
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const add = (userId: number, name: string) =>
    withGif(
      userId,
      async () => Buffer.from(name),
      async (bytes) => {
        begun.push(bytes.toString());
        await new Promise<void>((resolve) => ends.set(name, resolve));
        done.push(name);
      },
    );
  const many = ["a1", "a2", "a3", "a4"].map((name) => add(1, name));
  await expect(add(1, "a5")).rejects.toMatchObject({ code: "rate_limited" });
  const other = add(2, "b1");
  await new Promise(setImmediate);
  expect(begun).toEqual(["a1", "b1"]);
  ends.get("b1")!();
  await other;
  for (const name of ["a1", "a2", "a3", "a4"]) {
    await expect.poll(() => ends.has(name)).toBe(true);
    ends.get(name)!();
  }
  await Promise.all(many);
  expect(done).toEqual(["b1", "a1", "a2", "a3", "a4"]);
});
