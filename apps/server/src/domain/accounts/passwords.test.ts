import { expect, test } from "vitest";
import { createPasswords, isPasswordHash } from "./passwords.ts";

const salt = "A".repeat(22);
const tag = "A".repeat(43);
const argon = (cost: string, ending = `${salt}$${tag}`) => `$argon2id$v=19$${cost}$${ending}`;

test("hashes from elsewhere are taken only if a login can check them with bounded memory and time", async () => {
  const good = ["m=19456,t=2,p=1", "m=65536,t=3,p=1"].map((cost) => argon(cost));
  expect(good.filter((hash) => !isPasswordHash(hash))).toEqual([]);
  for (const hash of good) expect(await createPasswords().verify("wrong", hash)).toBe(false);
  const bad = [
    ...["m=9999999,t=2,p=1", "m=19456,t=99,p=1", "m=1,t=2,p=1", "m=19456,t=0,p=1", "m=19456,t=2,p=4"].map((cost) =>
      argon(cost),
    ),
    argon("m=19456,t=2,p=1", `${salt}$${tag.slice(0, 20)}`),
    argon("m=19456,t=2,p=1", `AAAA$${tag}`),
    `$2b$31$${"a".repeat(53)}`,
    "plain text",
    "",
  ];
  expect(bad.filter((hash) => isPasswordHash(hash))).toEqual([]);
});

test("what one user asks for keeps others waiting for one of its hashes at most", async () => {
  const passwords = createPasswords();
  const done: string[] = [];
  const ask = (who: string, by?: number) => passwords.verify("wrong", null, by).then(() => done.push(who));
  // More than may wait in the line.
  const many = Array.from({ length: 250 }, () => ask("one", 1));
  await ask("other", 2);
  await ask("guest");
  expect(done.length).toBeLessThan(10);
  // The rest need not be waited for.
  void Promise.allSettled(many);
});
