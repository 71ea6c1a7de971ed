import { mutedForever } from "@miscord/protocol";
import { bitsOf, can } from "@miscord/rights";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../../apps/server/src/testing/layouts.ts";
import { accessFacts, type MiscordClient, reportCalls, safetyCalls } from "./index.ts";
import { allConverge, ClientWorld, me, password, say, timelineOf, until } from "./testing/client-world.ts";

let instance: TestInstance;
let world: ClientWorld;
/** Legacy mode takes the same path; what is special about it: `legacy/account-differences.test.ts`. */
const stages = process.env["EVERY_LAYOUT"] ? ["one process", "four workers", "two nodes"] : ["two nodes"];

describe.each(stages)("%s", (layout) => {
  beforeAll(async () => {
    instance = await layouts[layout]!();
    return () => instance.cleanup();
  });

  beforeEach(() => {
    world = new ClientWorld(instance);
    return () => world.close();
  });

  async function twoTogether() {
    const [owner, guest] = [await world.newcomer(), await world.newcomer()];
    return { owner, guest, ...(await world.unite(owner, guest)) };
  }

  test("a list of pins follows pins, edits, reactions and deletions, and what happened while it was offline", async () => {
    const { owner, guest, channelId } = await twoTogether();
    const ids = [
      await say(guest, channelId, "one"),
      await say(guest, channelId, "two"),
      await say(owner, channelId, "3"),
    ];
    const pinsOf = (client: MiscordClient) => timelineOf(client, channelId).pins?.map(({ id }) => id);
    await guest.loadPins(channelId);
    const pin = (id: number, on = true) => owner.setPin({ id, channel_id: channelId }, on);
    for (const id of ids) await pin(id);
    await until(() => pinsOf(guest)?.length === 3);
    expect(pinsOf(guest)).toEqual(ids.toReversed());
    await guest.editMessage(ids[0]!, "one, edited");
    await owner.setReaction(ids[1]!, "👍", true);
    await allConverge(owner, guest);
    guest.reconnect({ force: true });
    await pin(ids[1]!, false);
    await owner.deleteMessage(ids[2]!);
    await until(() => pinsOf(guest)?.length === 1);
    await allConverge(owner, guest);
    await expect(guest.setPin({ id: ids[1]!, channel_id: channelId }, true)).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  test("raid mode holds newcomers in every client at once, and a report reaches its moderators", async () => {
    const { owner, guest, serverId, channelId } = await twoTogether();
    const raidOf = ({ store }: MiscordClient) => store.getState().servers[serverId]?.raid_mode;
    const mayWrite = () => can(accessFacts(guest.store.getState(), serverId, channelId)!, "sendMessages");
    expect(mayWrite()).toBe(true);
    await safetyCalls(owner.rest).setRaidMode(serverId, { until: new Date(Date.now() + 600_000).toISOString() });
    await until(() => Boolean(raidOf(owner) && raidOf(guest)));
    expect(mayWrite()).toBe(false);
    await expect(guest.rest.createMessage(channelId, { content: "x" })).rejects.toMatchObject({ code: "forbidden" });
    await allConverge(owner, guest);
    await safetyCalls(owner.rest).setRaidMode(serverId, { until: null });
    await until(() => mayWrite());
    await allConverge(owner, guest);
    const role = await owner.rest.createRole(serverId, { name: "crew", permissions: bitsOf("moderateMembers") });
    await owner.rest.giveRole(serverId, me(guest).id, role.id);
    const third = await world.newcomer();
    await third.rest.joinInvite((await owner.rest.createInvite(serverId)).code);
    const told = Promise.withResolvers<number>();
    guest.on("event", (event) => event.type === "reports_changed" && told.resolve(event.report_id));
    const { id: message_id } = await third.rest.createMessage(channelId, { content: "rude" });
    const { id } = await reportCalls(owner.rest).report({ message_id, reason: "rude" });
    expect(await told.promise).toBe(id);
    expect((await reportCalls(guest.rest).listReports(serverId)).reports).toMatchObject([
      { id, message: { content: "rude" } },
    ]);
    await allConverge(owner, guest, third);
  });

  test("a role and @here reach those whom they address, count as mentions, and go when they are taken back", async () => {
    const { owner, guest, serverId, channelId } = await twoTogether();
    const role = await owner.rest.createRole(serverId, { name: "crew" });
    await owner.rest.giveRole(serverId, me(guest).id, role.id);
    const stateOf = () => guest.store.getState();
    const kinds = () => stateOf().inbox.notifications.map(({ kind }) => kind);
    const mentions = () => stateOf().channels[channelId]?.mention_count;
    const id = await say(owner, channelId, `<@&${role.id}> gather`);
    await until(() => mentions() === 1 && kinds().join() === "role");
    await say(owner, channelId, "@here now");
    await until(() => mentions() === 2 && kinds().join() === "here,role");
    // Neither is the guest's to address.
    const own = await guest.rest.createMessage(channelId, { content: `@here <@&${role.id}>` });
    expect([own.mentions_here, own.mention_roles]).toEqual([undefined, undefined]);
    await allConverge(owner, guest);
    await owner.editMessage(id, "nobody");
    await until(() => kinds().join() === "here");
    await guest.setNotificationLevel({ kind: "account" }, { suppress_roles: true });
    await say(owner, channelId, `<@&${role.id}>`);
    await say(owner, channelId, "@here again");
    await until(() => kinds().join() === "here,here");
    await allConverge(owner, guest);
  });

  test("what is muted on one device is muted on the others, and nothing of it is unread in the inbox", async () => {
    const { owner, guest, serverId, channelId } = await twoTogether();
    const { username } = me(guest);
    const tab = world.open();
    await tab.login({ username, password });
    await until(() => tab.store.getState().connection.ready);
    const settingOf = ({ store }: MiscordClient) => store.getState().channels[channelId]?.notifications;
    await guest.setNotificationLevel({ kind: "server", id: serverId }, { level: "nothing" });
    await guest.setNotificationLevel({ kind: "channel", id: channelId }, { muted_until: mutedForever });
    await guest.setNotificationLevel({ kind: "account" }, { suppress_everyone: true });
    await until(() => settingOf(tab)?.muted_until === mutedForever);
    await say(owner, channelId, `@${username} @everyone`);
    const mentionsOf = ({ store }: MiscordClient) => store.getState().channels[channelId]?.mention_count;
    await until(() => tab.store.getState().inbox.notifications.length === 1 && mentionsOf(tab) === 1);
    await allConverge(owner, guest, tab);
    expect(tab.store.getState().inbox).toMatchObject({ unread: 0, setting: { suppress_everyone: true } });
    await say(owner, channelId, "@everyone");
    await tab.setNotificationLevel({ kind: "account" }, { suppress_everyone: null });
    await until(() => mentionsOf(guest) === 2);
    for (const scope of ["server", "channel"] as const) {
      const id = scope === "server" ? serverId : channelId;
      await tab.setNotificationLevel({ kind: scope, id }, { level: null, muted_until: null });
    }
    await until(() => settingOf(guest) === undefined);
    await say(owner, channelId, `@${username}`);
    await until(() => tab.store.getState().inbox.unread === 1);
    await allConverge(owner, guest, tab);
  });
});
