import type { Role } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { expect, test } from "vitest";
import { changesOf, type RoleDraft, withPermission } from "./role-draft.ts";

const role: Role = {
  id: 1,
  server_id: 1,
  name: "crew",
  color: null,
  permissions: bitsOf("banMembers", "kickMembers"),
  hoist: false,
  mentionable: false,
  position: 1,
};
const set = (draft: RoleDraft, bit: number, isOn: boolean) => ({
  ...draft,
  ...withPermission(role, draft, { bit, isOn }),
});

test("a permission that somebody else takes from a role while a draft of another one waits stays taken", () => {
  const draft = set({ name: "team" }, bitsOf("manageMessages"), true);
  const taken = { ...role, permissions: bitsOf("kickMembers") };
  expect(changesOf(taken, draft)).toEqual({ name: "team", permissions: bitsOf("kickMembers", "manageMessages") });
});

test("a permission switched there and back is no change, also after somebody else has taken it", () => {
  const draft = set(set({}, bitsOf("banMembers"), false), bitsOf("banMembers"), true);
  expect(changesOf(role, draft)).toEqual({});
  expect(changesOf({ ...role, permissions: 0 }, draft)).toEqual({});
});

test("what somebody else has saved already is no change any more", () => {
  expect(changesOf({ ...role, permissions: 0 }, set({}, bitsOf("banMembers", "kickMembers"), false))).toEqual({});
});
