import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { configuredKey } from "../accounts/signing-keys.ts";
import { createSeals } from "./create-seals.ts";

const clock = new ManualClock();
const seals = createSeals(configuredKey(randomBytes(32)), clock);
const value = { whole: "https://media.example/cat.gif", title: "Кот" };

test("what is sealed says nothing, is the same for an hour at most, and is opened for some hours", async () => {
  const text = seals.seal(value);
  expect(text).toMatch(/^[\w-]+$/);
  expect(Buffer.from(text, "base64url").toString("latin1")).not.toContain("media");
  expect(await seals.open(text)).toEqual(value);
  expect(seals.seal(value)).toBe(text);
  clock.advance(3_600_000);
  expect(seals.seal(value)).not.toBe(text);
  expect(await seals.open(text)).toEqual(value);
  clock.advance(6 * 3_600_000);
  expect(await seals.open(text)).toBeNull();
});

test("nothing else is opened: cut, changed, of another instance, or no seal at all", async () => {
  const text = seals.seal(value);
  const foreign = createSeals(configuredKey(randomBytes(32)), clock).seal(value);
  const others = [text.slice(0, -1), text.slice(1), `${text}AAAA`, foreign, "", "x", "x".repeat(200)];
  for (let at = 8; at < text.length - 1; at += 7) {
    others.push(`${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`);
  }
  for (const other of others) expect(await seals.open(other), other).toBeNull();
});
