import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  allPermissions,
  areSynchronised,
  channelPermissions,
  explain,
  includes,
  intersection,
  isRestricted,
  moderatingPermissions,
  permissionBits,
  restingPermissions,
  serverPermissions,
  union,
  type MemberRights,
  type Override,
  type PermissionName,
} from "./index.ts";

const everyoneId = 100;
const ownerId = 1;

/** Sets of bits, often such that matter to the order: the view, the administrator, the lowest and the highest bit. */
const bits = fc
  .array(
    fc.oneof(
      fc.constantFrom(permissionBits.viewChannel, permissionBits.sendMessages, permissionBits.manageRoles),
      fc.integer({ min: 0, max: 52 }).map((bit) => 2 ** bit),
    ),
    { maxLength: 6 },
  )
  .map((all) => Number(all.reduce((set, bit) => set | BigInt(bit), 0n)));

const roleId = fc.integer({ min: 101, max: 105 });
const member: fc.Arbitrary<MemberRights> = fc.record({
  userId: fc.integer({ min: 1, max: 4 }),
  ownerId: fc.constant(ownerId),
  everyone: bits.map((permissions) => ({ id: everyoneId, permissions })),
  roles: fc.uniqueArray(fc.record({ id: roleId, permissions: bits }), { selector: ({ id }) => id, maxLength: 5 }),
  isTimedOut: fc.boolean(),
  lacksFactor: fc.boolean(),
});
const override: fc.Arbitrary<Override> = fc.oneof(
  fc.record({
    type: fc.constant("role" as const),
    target_id: fc.oneof(roleId, fc.constant(everyoneId)),
    allow: bits,
    deny: bits,
  }),
  fc.record({
    type: fc.constant("member" as const),
    target_id: fc.integer({ min: 1, max: 4 }),
    allow: bits,
    deny: bits,
  }),
);
const overrides = fc.uniqueArray(override, { selector: (one) => `${one.type} ${one.target_id}`, maxLength: 8 });

/** Discord's description of the order, line by line, with a Boolean for each bit instead of arithmetic. */
function literally(of: MemberRights, all: readonly Override[]): boolean[] {
  const isSet = (set: number, bit: number) => Math.floor(set / 2 ** bit) % 2 === 1;
  const everyBit = Array.from({ length: 53 }, (_, bit) => bit);
  // Base: @everyone united with the roles; the owner and administrators have all.
  // Without a second factor what is over others does not count, whoever gives it.
  const counts = (bit: number) => !of.lacksFactor || !isSet(moderatingPermissions, bit);
  if (of.userId === of.ownerId) return everyBit.map(counts);
  const base = everyBit.map((bit) => [of.everyone, ...of.roles].some((role) => isSet(role.permissions, bit)));
  if (base[3] && counts(3)) return everyBit.map(() => true);
  const result = [...base];
  const apply = (some: readonly Override[]) => {
    for (const bit of everyBit) if (some.some(({ deny }) => isSet(deny, bit))) result[bit] = false;
    for (const bit of everyBit) if (some.some(({ allow }) => isSet(allow, bit))) result[bit] = true;
  };
  // Channel: @everyone's deny, then allow.
  apply(all.filter((one) => one.type === "role" && one.target_id === of.everyone.id));
  // The denies of all roles, then their allows.
  apply(all.filter((one) => one.type === "role" && of.roles.some(({ id }) => id === one.target_id)));
  // The member's deny, then allow.
  apply(all.filter((one) => one.type === "member" && one.target_id === of.userId));
  // Without the view nothing else counts.
  if (!result[10]) return everyBit.map(() => false);
  // A time out leaves the view and the history.
  const left = result.map((flag, bit) => flag && counts(bit));
  return of.isTimedOut ? left.map((flag, bit) => flag && (bit === 10 || bit === 16)) : left;
}

function toBits(flags: readonly boolean[]): number {
  return flags.reduce((sum, flag, bit) => sum + (flag ? 2 ** bit : 0), 0);
}

test("every permission of every member in a channel is that of Discord's order", () => {
  fc.assert(
    fc.property(member, overrides, (of, all) => {
      expect(channelPermissions(of, all)).toBe(toBits(literally(of, all)));
    }),
    { numRuns: 3_000 },
  );
});

test("the owner has every permission in every channel, whatever roles and overrides say", () => {
  fc.assert(
    fc.property(member, overrides, (of, all) => {
      const owner = { ...of, userId: ownerId, lacksFactor: false };
      expect(channelPermissions(owner, all)).toBe(allPermissions);
      expect(serverPermissions(owner)).toBe(allPermissions);
    }),
  );
});

test("without the second factor that a server requires no permission over others is left, and only those rest", () => {
  fc.assert(
    fc.property(member, overrides, (one, all) => {
      const of = { ...one, lacksFactor: true };
      const left = serverPermissions(of);
      expect(intersection(left, moderatingPermissions)).toBe(0);
      expect(intersection(channelPermissions(of, all), moderatingPermissions)).toBe(0);
      expect(union(left, restingPermissions(of))).toBe(serverPermissions({ ...of, lacksFactor: false }));
      expect(intersection(left, restingPermissions(of))).toBe(0);
    }),
    { numRuns: 1_000 },
  );
});

/** A change of the rights of a server with categories: of an override of any channel, or a move. */
const placeChange = fc.oneof(
  fc.record({ channel: fc.nat(5), override }),
  fc.record({ channel: fc.integer({ min: 2, max: 5 }), category: fc.option(fc.nat(1), { nil: null }) }),
);

interface Place {
  category: number | null;
  overrides: readonly Override[];
}

/** Two categories and four channels, with the changes made as the server makes them: by copying. */
function afterChanges(changes: readonly (typeof placeChange extends fc.Arbitrary<infer T> ? T : never)[]): Place[] {
  const places: Place[] = Array.from({ length: 6 }, () => ({ category: null, overrides: [] }));
  const isSynchronised = ({ category, overrides }: Place) =>
    category !== null && areSynchronised(overrides, places[category]!.overrides);
  for (const change of changes) {
    const place = places[change.channel]!;
    if ("override" in change) {
      const { type, target_id } = change.override;
      const others = place.overrides.filter((one) => one.type !== type || one.target_id !== target_id);
      const followers = places.filter((one) => one.category === change.channel && isSynchronised(one));
      for (const one of [place, ...followers]) one.overrides = [...others, change.override];
    } else {
      if (isSynchronised(place) && change.category !== null) place.overrides = places[change.category]!.overrides;
      place.category = change.category;
    }
  }
  return places;
}

test("every permission in a channel of a category is that of the channel's own overrides", () => {
  fc.assert(
    fc.property(member, fc.array(placeChange, { maxLength: 12 }), (of, changes) => {
      const places = afterChanges(changes);
      for (const { category, overrides: own } of places) {
        expect(channelPermissions(of, own)).toBe(toBits(literally(of, own)));
        if (category === null || !areSynchronised(own, places[category]!.overrides)) continue;
        expect(channelPermissions(of, own)).toBe(toBits(literally(of, places[category]!.overrides)));
      }
    }),
    { numRuns: 500 },
  );
});

const names = Object.keys(permissionBits) as PermissionName[];

test("every explanation agrees with the permission, and what it names decides", () => {
  fc.assert(
    fc.property(member, overrides, fc.constantFrom(...names), (of, all, name) => {
      const bit = permissionBits[name];
      const { isAllowed, step } = explain(of, all, name);
      expect(isAllowed).toBe(includes(channelPermissions(of, all), bit));
      expect(explain(of, null, name).isAllowed).toBe(includes(serverPermissions(of), bit));
      if (step.kind !== "override") return;
      // The overrides that it names speak of the permission; without those of the step another step decides.
      const isNamed = (one: Override) => one.type === step.type && step.targetIds.includes(one.target_id);
      const named = all.filter(isNamed);
      expect(named.length).toBe(step.targetIds.length);
      for (const one of named) expect(includes(isAllowed ? one.allow : one.deny, bit)).toBe(true);
      const rest = all.map((one) => (isNamed(one) ? { ...one, allow: 0, deny: 0 } : one));
      expect(explain(of, rest, name).step).not.toEqual(step);
    }),
    { numRuns: 3_000 },
  );
});

test("channels are synchronised whatever the order of their overrides, and those that change nothing", () => {
  fc.assert(
    fc.property(overrides, override, (all, extra) => {
      const nothing: Override = { type: "role", target_id: 900, allow: 0, deny: 0 };
      expect(areSynchronised(all, [nothing, ...all.toReversed()])).toBe(true);
      fc.pre(extra.allow + extra.deny > 0);
      expect(areSynchronised(all, [...all, { ...extra, target_id: 901 }])).toBe(false);
    }),
  );
});

test("a channel that is not restricted is seen by every member, whatever their roles", () => {
  fc.assert(
    fc.property(member, overrides, (of, all) => {
      fc.pre(!isRestricted(of.everyone, all));
      expect(channelPermissions(of, all)).not.toBe(0);
    }),
    { numRuns: 2_000 },
  );
});

test("a channel without overrides is restricted only when the base role does not give the view", () => {
  expect(isRestricted({ id: everyoneId, permissions: permissionBits.viewChannel }, [])).toBe(false);
  expect(isRestricted({ id: everyoneId, permissions: 0 }, [])).toBe(true);
});
