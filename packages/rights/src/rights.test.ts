import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  can,
  canLeave,
  allPermissions,
  bitsOf,
  checkDeleteMessage,
  checkDeleteServer,
  checkEditMessage,
  checkInChannel,
  checkInServer,
  checkManageRole,
  checkModerateMember,
  checkRevokeInvite,
  difference,
  everydayPermissions,
  includes,
  isOwner,
  mayChangePermissions,
  mayOverride,
  permissionBits,
  type AccessFacts,
  type PermissionName,
  type Verdict,
} from "./index.ts";

type Facts = AccessFacts & { position: number };

const names = Object.keys(permissionBits) as PermissionName[];
const other = { userId: 3, position: 0 };
const userId = 1;
const ownerId = 2;
const otherId = 3;

const users = {
  outsider: { userId, ownerId, isMember: false, isAdmin: false, permissions: 0, position: 0 },
  member: { userId, ownerId, isMember: true, isAdmin: false, permissions: everydayPermissions, position: 0 },
  owner: { userId: ownerId, ownerId, isMember: true, isAdmin: false, permissions: allPermissions, position: 0 },
  "administrator outside": { userId, ownerId, isMember: false, isAdmin: true, permissions: 0, position: 0 },
  "administrator inside": {
    userId,
    ownerId,
    isMember: true,
    isAdmin: true,
    permissions: everydayPermissions,
    position: 0,
  },
} satisfies Record<string, Facts>;

type Name = keyof typeof users;
type Row = readonly [user: Name, verdict: Verdict];

test("the everyday permissions are those that migrations gave to servers from before there were roles, voice messages and polls", () => {
  const { sendVoiceMessages, sendPolls, useExternalEmojis, useExternalStickers, useSoundboard, useExternalSounds } =
    permissionBits;
  const expressions = useExternalEmojis + useExternalStickers + useSoundboard + useExternalSounds;
  expect(everydayPermissions).toBe(309_341_572_673 + sendVoiceMessages + sendPolls + expressions);
});

describe("a permission of every member", () => {
  const rows: Row[] = [
    ["outsider", "hidden"],
    ["member", "allowed"],
    ["owner", "allowed"],
    ["administrator outside", "hidden"],
    ["administrator inside", "allowed"],
  ];
  const everyday = ["viewChannel", "sendMessages", "addReactions", "createInstantInvite", "connect"] as const;
  describe.each(everyday)("%s", (name) => {
    test.each(rows)("%s: %s", (user, verdict) => {
      expect(checkInServer(users[user], name)).toBe(verdict);
      expect(checkInChannel(users[user], name)).toBe(verdict);
    });
  });
});

describe("a permission of the owner and administrators", () => {
  const rows: Row[] = [
    ["outsider", "hidden"],
    ["member", "forbidden"],
    ["owner", "allowed"],
    ["administrator outside", "allowed"],
    ["administrator inside", "allowed"],
  ];
  const managing = ["manageGuild", "manageChannels", "manageMessages", "kickMembers", "banMembers"] as const;
  describe.each(managing)("%s", (name) => {
    test.each(rows)("%s: %s", (user, verdict) => {
      expect(checkInServer(users[user], name)).toBe(verdict);
      expect(checkInChannel(users[user], name)).toBe(verdict);
    });
  });
  test.each(rows)("deleting the server, %s: %s", (user, verdict) => {
    expect(checkDeleteServer(users[user])).toBe(verdict);
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

describe("an override", () => {
  const manager: Facts = { ...users.member, permissions: bitsOf("manageRoles"), position: 2 };
  const role = (position: number) => ({ type: "role", position }) as const;
  const member = (id: number, position: number) => ({ type: "member", userId: id, position }) as const;

  test("may be set for roles below the actor's own, and for themselves and members below", () => {
    const targets = [role(0), role(1), role(2), role(3), member(userId, 2), member(otherId, 1), member(otherId, 2)];
    expect(targets.map((target) => mayOverride(manager, target))).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(mayOverride(manager, member(ownerId, 0))).toBe(false);
  });

  test("of any role may be set by the owner, and of none by those who do not manage roles", () => {
    expect(mayOverride(users.owner, role(9))).toBe(true);
    const powerless = { ...manager, permissions: everydayPermissions };
    expect([role(0), member(userId, 2)].map((target) => mayOverride(powerless, target))).toEqual([false, false]);
  });
});

test.each<[Name, Verdict]>([
  ["outsider", "hidden"],
  ["member", "forbidden"],
  ["owner", "allowed"],
  ["administrator outside", "allowed"],
  ["administrator inside", "allowed"],
])("kicking and banning another member, %s: %s", (user, verdict) => {
  expect(checkModerateMember(users[user], "kickMembers", other)).toBe(verdict);
  expect(checkModerateMember(users[user], "banMembers", other)).toBe(verdict);
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
  const permissions = fc.array(fc.constantFrom(...names)).map((some) => bitsOf(...some));
  const position = fc.integer({ min: 0, max: 3 });
  const anyFacts = fc
    .record({ userId: id, ownerId: id, isMember: fc.boolean(), isAdmin: fc.boolean(), permissions, position })
    .map((facts) => (isOwner(facts) ? { ...facts, permissions: allPermissions } : facts));
  const anyTarget = fc.record({ userId: id, position });

  function everyVerdict(facts: Facts, target: { userId: number; position: number }): Verdict[] {
    return [
      ...names.flatMap((name) => [checkInServer(facts, name), checkInChannel(facts, name)]),
      checkEditMessage(facts, target.userId),
      checkDeleteMessage(facts, target.userId),
      checkRevokeInvite(facts, target.userId),
      checkModerateMember(facts, "kickMembers", target),
      checkModerateMember(facts, "banMembers", target),
      checkManageRole(facts, target.position),
    ];
  }

  test("everything is hidden from users who are neither member, owner nor administrator", () => {
    fc.assert(
      fc.property(anyFacts, anyTarget, (facts, target) => {
        fc.pre(!isOwner(facts));
        const verdicts = everyVerdict({ ...facts, isMember: false, isAdmin: false }, target);
        expect(new Set(verdicts)).toEqual(new Set(["hidden"]));
      }),
    );
  });

  test("a channel that a member may not view is hidden, whatever else they may do", () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...names), (facts, name) => {
        fc.pre(!isOwner(facts) && !facts.isAdmin && !includes(facts.permissions, permissionBits.viewChannel));
        fc.pre(name !== "viewChannel" && !includes(facts.permissions, permissionBits[name]));
        expect(checkInChannel(facts, name)).toBe("hidden");
      }),
    );
  });

  test("becoming a member or administrator takes no permission away", () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...names), (facts, name) => {
        fc.pre(can(facts, name));
        expect(can({ ...facts, isMember: true }, name)).toBe(true);
        expect(can({ ...facts, isAdmin: true }, name)).toBe(true);
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

  test("neither the owner nor the user themselves nor anybody as high can be kicked or banned", () => {
    fc.assert(
      fc.property(anyFacts, anyTarget, fc.constantFrom("kickMembers", "banMembers"), (facts, target, name) => {
        expect(checkModerateMember(facts, name, { ...target, userId: facts.ownerId })).not.toBe("allowed");
        expect(checkModerateMember(facts, name, { ...target, userId: facts.userId })).not.toBe("allowed");
        fc.pre(!isOwner(facts) && !facts.isAdmin && target.position >= facts.position);
        expect(checkModerateMember(facts, name, target)).not.toBe("allowed");
      }),
    );
  });

  test("nobody but the owner manages a role as high as their own", () => {
    fc.assert(
      fc.property(anyFacts, position, (facts, at) => {
        fc.pre(!isOwner(facts) && at >= facts.position);
        expect(checkManageRole(facts, at)).not.toBe("allowed");
      }),
    );
  });

  test("nobody but the owner changes a permission that they lack", () => {
    fc.assert(
      fc.property(anyFacts, permissions, fc.constantFrom(...names), (facts, before, name) => {
        fc.pre(!isOwner(facts) && !includes(facts.permissions, permissionBits[name]));
        const after = difference(before, permissionBits[name]);
        expect(mayChangePermissions(facts, before, after)).toBe(false);
        expect(mayChangePermissions(facts, after, before)).toBe(false);
      }),
    );
  });
});
