import { limits } from "@miscord/protocol";
import { keyCommands, keyLimits } from "@miscord/protocol/schemas";
import { expect, test } from "vitest";
import { CallGroup, createDeviceKey, createPackage, readPackage } from "./call-group.ts";
import { fingerprint, verificationCode } from "./verification-code.ts";

const session = "5c1f8a64-6c0e-4d6e-9d0a-8d6f4a3f2b10";
const packageOf = async (userId: number) => createPackage({ userId, session }, await createDeviceKey());

test("the messages of the largest call are within the limits", async () => {
  let group = await CallGroup.create("3f0d9f0e-54a4-4e6f-8b53-0f9f3c9c7f11", await packageOf(999_999_999_999_999));
  const commits: object[] = [];
  async function change(leaves: number[], count: number) {
    const userIds = Array.from({ length: count }, (_, at) => 999_999_999_999_000 + at);
    const packages = await Promise.all(userIds.map(packageOf));
    expect(packages[0]?.shared.length ?? 0).toBeLessThan(keyLimits.keyPackage);
    const { commit, welcome, next } = await group.change(
      leaves,
      packages.map(({ publicPackage }) => publicPackage),
    );
    commits.push({ type: "keys_commit", group_id: group.id, epoch: group.epoch, commit, welcome, added: userIds });
    group = next;
  }
  while (group.members.length < keyLimits.participants) {
    await change([], Math.min(keyLimits.addedPerCommit, keyLimits.participants - group.members.length));
  }
  const some = group.members.filter(({ leaf }) => leaf % 3 === 1).map(({ leaf }) => leaf);
  await change(some, 16);
  expect(group.members.length).toBeGreaterThan(45);
  for (const commit of commits) {
    expect(keyCommands[1].safeParse(commit).error).toBeUndefined();
    expect(JSON.stringify(commit).length).toBeLessThan(limits.frameBytes);
  }
});

test("a key package in the name of somebody else is not taken", async () => {
  const { shared } = await packageOf(1);
  expect(readPackage(shared, { userId: 1, session })).not.toBeNull();
  expect(readPackage(shared, { userId: 2, session })).toBeNull();
  expect(readPackage(shared, { userId: 1, session: "another" })).toBeNull();
  expect(readPackage("AAAA", { userId: 1, session })).toBeNull();
});

test("a code is thirty digits that follow from the secret", async () => {
  const code = await verificationCode(new Uint8Array(32));
  expect(code).toMatch(/^(?:\d{5} ){5}\d{5}$/);
  expect(await verificationCode(new Uint8Array(32).fill(1))).not.toBe(code);
  expect(await fingerprint(new Uint8Array(32))).toMatch(/^[0-9a-f]{64}$/);
});
