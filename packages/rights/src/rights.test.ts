import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  can,
  canLeave,
  check,
  checkDeleteMessage,
  checkEditMessage,
  checkRemoveMember,
  checkRevokeInvite,
  isOwner,
  permissions,
  type AccessFacts,
  type Verdict,
} from "./index.ts";

const userId = 1;
const ownerId = 2;
const otherId = 3;

const users = {
  outsider: { userId, ownerId, isMember: false, isAdmin: false },
  member: { userId, ownerId, isMember: true, isAdmin: false },
  owner: { userId: ownerId, ownerId, isMember: true, isAdmin: false },
  "administrator outside": { userId, ownerId, isMember: false, isAdmin: true },
  "administrator inside": { userId, ownerId, isMember: true, isAdmin: true },
} satisfies Record<string, AccessFacts>;

type Name = keyof typeof users;
type Row = readonly [user: Name, verdict: Verdict];

describe("a permission of every member", () => {
  const rows: Row[] = [
    ["outsider", "hidden"],
    ["member", "allowed"],
    ["owner", "allowed"],
    ["administrator outside", "hidden"],
    ["administrator inside", "allowed"],
  ];
  describe.each(["viewServer", "viewChannel", "sendMessages", "addReactions", "createInvite"] as const)(
    "%s",
    (name) => {
      test.each(rows)("%s: %s", (user, verdict) => {
        expect(check(users[user], name)).toBe(verdict);
      });
    },
  );
});

describe("a permission of the owner and administrators", () => {
  const rows: Row[] = [
    ["outsider", "hidden"],
    ["member", "forbidden"],
    ["owner", "allowed"],
    ["administrator outside", "allowed"],
    ["administrator inside", "allowed"],
  ];
  const names = ["manageServer", "manageChannels", "manageMessages", "kickMembers", "banMembers", "mentionEveryone"];
  describe.each(names as (typeof permissions)[number][])("%s", (name) => {
    test.each(rows)("%s: %s", (user, verdict) => {
      expect(check(users[user], name)).toBe(verdict);
    });
  });
});

describe("a message or invite of another user", () => {
  test.each<[Name, edit: Verdict, remove: Verdict, revoke: Verdict]>([
    ["outsider", "hidden", "hidden", "hidden"],
    ["member", "forbidden", "forbidden", "forbidden"],
    ["owner", "forbidden", "allowed", "allowed"],
    ["administrator outside", "hidden", "allowed", "allowed"],
    ["administrator inside", "forbidden", "allowed", "allowed"],
  ])("%s: edit %s, delete %s, revoke %s", (user, edit, remove, revoke) => {
    expect(checkEditMessage(users[user], otherId)).toBe(edit);
    expect(checkDeleteMessage(users[user], otherId)).toBe(remove);
    expect(checkRevokeInvite(users[user], otherId)).toBe(revoke);
  });
});

describe("an own message or invite", () => {
  test.each<[Name, Verdict]>([
    ["outsider", "hidden"],
    ["member", "allowed"],
    ["owner", "allowed"],
    ["administrator inside", "allowed"],
  ])("%s: %s", (user, verdict) => {
    const facts = users[user];
    expect(checkEditMessage(facts, facts.userId)).toBe(verdict);
    expect(checkDeleteMessage(facts, facts.userId)).toBe(verdict);
    expect(checkRevokeInvite(facts, facts.userId)).toBe(verdict);
  });
});

test.each<[Name, Verdict]>([
  ["outsider", "hidden"],
  ["member", "forbidden"],
  ["owner", "allowed"],
  ["administrator outside", "allowed"],
  ["administrator inside", "allowed"],
])("kicking and banning another member, %s: %s", (user, verdict) => {
  expect(checkRemoveMember(users[user], "kickMembers", otherId)).toBe(verdict);
  expect(checkRemoveMember(users[user], "banMembers", otherId)).toBe(verdict);
});

test.each<[Name, boolean]>([
  ["outsider", false],
  ["member", true],
  ["owner", false],
  ["administrator outside", false],
  ["administrator inside", true],
])("%s can leave the server: %s", (user, expected) => {
  expect(canLeave(users[user])).toBe(expected);
});

describe("for any user, server and author", () => {
  const id = fc.integer({ min: 1, max: 4 });
  const anyFacts = fc.record({ userId: id, ownerId: id, isMember: fc.boolean(), isAdmin: fc.boolean() });

  function everyVerdict(facts: AccessFacts, other: number): Verdict[] {
    return [
      ...permissions.map((name) => check(facts, name)),
      checkEditMessage(facts, other),
      checkDeleteMessage(facts, other),
      checkRevokeInvite(facts, other),
      checkRemoveMember(facts, "kickMembers", other),
      checkRemoveMember(facts, "banMembers", other),
    ];
  }

  test("everything is hidden from users who are neither member, owner nor administrator", () => {
    fc.assert(
      fc.property(anyFacts, id, (facts, other) => {
        fc.pre(!isOwner(facts));
        const verdicts = everyVerdict({ ...facts, isMember: false, isAdmin: false }, other);
        expect(new Set(verdicts)).toEqual(new Set(["hidden"]));
      }),
    );
  });

  test("nothing is hidden from members", () => {
    fc.assert(
      fc.property(anyFacts, id, (facts, other) => {
        expect(everyVerdict({ ...facts, isMember: true }, other)).not.toContain("hidden");
      }),
    );
  });

  test("becoming a member or administrator takes no permission away", () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...permissions), (facts, name) => {
        fc.pre(can(facts, name));
        expect(can({ ...facts, isMember: true }, name)).toBe(true);
        expect(can({ ...facts, isAdmin: true }, name)).toBe(true);
      }),
    );
  });

  test("a check allows exactly what the permission gives", () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...permissions), (facts, name) => {
        expect(check(facts, name) === "allowed").toBe(can(facts, name));
      }),
    );
  });

  test("a message of another user cannot be edited", () => {
    fc.assert(
      fc.property(anyFacts, id, (facts, authorId) => {
        fc.pre(authorId !== facts.userId);
        expect(checkEditMessage(facts, authorId)).not.toBe("allowed");
      }),
    );
  });

  test("neither the owner nor the user themselves can be kicked or banned", () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom("kickMembers", "banMembers"), (facts, name) => {
        expect(checkRemoveMember(facts, name, facts.ownerId)).not.toBe("allowed");
        expect(checkRemoveMember(facts, name, facts.userId)).not.toBe("allowed");
      }),
    );
  });
});
