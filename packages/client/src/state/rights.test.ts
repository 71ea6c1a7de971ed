import type { MainEvent, Role } from "@miscord/protocol";
import { permissionBits } from "@miscord/rights";
import { expect, test } from "vitest";
import { alice, FakeServer } from "../testing/fake-server.ts";
import { initialState } from "./initial-state.ts";
import { reduceEvents } from "./reduce.ts";
import { showServers } from "./reduce-servers.ts";
import { accessFacts, heldBackIn } from "./rights.ts";

const { server } = new FakeServer();
const channelId = server.channels[0]!.id;
const { viewChannel, sendMessages } = permissionBits;
const everyone: Role = {
  id: 1,
  server_id: 1,
  name: "everyone",
  color: null,
  permissions: viewChannel,
  hoist: false,
  mentionable: false,
  position: 0,
};

const state = {
  ...showServers(initialState("enhanced"), [{ ...server, owner_id: 2, roles: [everyone] }]),
  session: { status: "authenticated" as const, me: alice },
};
const ofServer = accessFacts(state, 1);
const ofChannel = accessFacts(state, 1, channelId);

test("what does not concern rights leaves the facts of server and channel the same objects", () => {
  const after = reduceEvents(state, [{ type: "channel_activity", server_id: 1, channels: { [channelId]: 9 } }], 0);
  expect(after.channels).not.toBe(state.channels);
  expect(accessFacts(after, 1)).toBe(ofServer);
  expect(accessFacts(after, 1, channelId)).toBe(ofChannel);
});

test("roles, overrides and the user change the facts", () => {
  expect([ofServer?.permissions, ofChannel?.permissions]).toEqual([viewChannel, viewChannel]);
  const after = (event: MainEvent) => reduceEvents(state, [event], 0);
  const overrides = [{ type: "role" as const, target_id: 1, allow: sendMessages, deny: 0 }];
  const allowed = after({ type: "overrides_updated", server_id: 1, channel_id: channelId, overrides });
  expect(accessFacts(allowed, 1, channelId)?.permissions).toBe(viewChannel + sendMessages);
  expect(accessFacts(allowed, 1)).toBe(ofServer);
  const given = after({ type: "role_updated", server_id: 1, role: { ...everyone, permissions: 0 } });
  expect(accessFacts(given, 1)?.permissions).toBe(0);
  expect(accessFacts(given, 1, channelId)?.permissions).toBe(0);
  const admin = { ...state, session: { ...state.session, me: { ...alice, is_admin: true } } };
  expect(accessFacts(admin, 1)?.isAdmin).toBe(true);
  expect(accessFacts(admin, 1, channelId)?.isAdmin).toBe(true);
});

test("raid mode takes everything but reading from those who joined since, until its end", () => {
  const [since, until] = ["2026-01-01T10:00:00.000Z", "2026-01-01T11:00:00.000Z"];
  const role = { ...everyone, permissions: viewChannel + sendMessages };
  const permissionsOf = (joined_at: string, now: string, timed_out_until: string | null = null) => {
    const raided = { ...server, owner_id: 2, roles: [role], joined_at, timed_out_until, raid_mode: { since, until } };
    const held = { ...showServers(initialState("enhanced"), [raided]), session: state.session };
    return accessFacts(held, 1, channelId, Date.parse(now))?.permissions;
  };
  const during = "2026-01-01T10:59:59.999Z";
  expect(permissionsOf(since, during)).toBe(viewChannel);
  expect(permissionsOf("2026-01-01T09:59:59.999Z", during)).toBe(viewChannel + sendMessages);
  expect(permissionsOf(since, until)).toBe(viewChannel + sendMessages);
  expect(permissionsOf(since, until, "2026-01-01T12:00:00.000Z")).toBe(viewChannel);
});

test("where a second factor is required, what moderates rests until the user has one", () => {
  const { kickMembers } = permissionBits;
  const role = { ...everyone, permissions: viewChannel + kickMembers };
  const demanding = { ...server, owner_id: 2, roles: [role], factor_required: true };
  const factsOf = (has_second_factor: boolean, at = demanding) => {
    const shown = showServers(initialState("enhanced"), [at]);
    return accessFacts({ ...shown, session: { ...state.session, me: { ...alice, has_second_factor } } }, 1);
  };
  expect(factsOf(false)).toMatchObject({ permissions: viewChannel, resting: kickMembers });
  expect(factsOf(true)).toMatchObject({ permissions: viewChannel + kickMembers, resting: 0 });
  expect(factsOf(false, { ...demanding, factor_required: false })).toMatchObject({ resting: 0 });
});

test("a role that the user chose in the onboarding spares them nothing that is asked before the first message", () => {
  const chosen: Role = { ...everyone, id: 5, position: 1, offered: true };
  const asking = { account_minutes: 0, member_minutes: 0, rules: "Be kind" };
  const heldWith = (role: Role) => {
    const entry = { ...server, owner_id: 2, roles: [everyone, role], role_ids: [5], verification: asking };
    return heldBackIn({ ...showServers(initialState("enhanced"), [entry]), session: state.session }, 1, 0);
  };
  const { offered: _offered, ...given } = chosen;
  expect(heldWith(chosen)).toEqual({ until: null, rules: true });
  expect(heldWith(given)).toBeNull();
});
