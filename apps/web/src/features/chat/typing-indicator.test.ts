import { expect, test } from "vitest";
import { typingLine } from "./typing-indicator.tsx";

const entry = (id: number, until = 10) => ({ user: { id, username: `u${id}` }, until });
const line = (...entries: ReturnType<typeof entry>[]) =>
  typingLine(entries, { now: 5, meId: 1, nameOf: ({ username }) => username.toUpperCase() });

test("the typing indicator names up to three users, without expired entries and the current user", () => {
  expect(line()).toBeNull();
  expect(line(entry(1), entry(2, 5))).toBeNull();
  expect(line(entry(1), entry(2))).toEqual({ form: "one", a: "U2" });
  expect(line(entry(2), entry(3))).toEqual({ form: "two", a: "U2", b: "U3" });
  expect(line(entry(2), entry(3), entry(4))).toEqual({ form: "three", a: "U2", b: "U3", c: "U4" });
  expect(line(entry(2), entry(3), entry(4), entry(5))).toEqual({ form: "many" });
});
