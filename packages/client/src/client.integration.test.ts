import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../../apps/server/src/testing/layouts.ts";
import { can } from "@miscord/rights";
import { accessFacts, securityCalls } from "./index.ts";
import { createCookieFetch } from "./testing.ts";
import { allConverge, ClientWorld, me, password, say, textsOf, timelineOf, until } from "./testing/client-world.ts";

let instance: TestInstance;
let world: ClientWorld;

/** Two members of a server, both with its text channel open. */
async function twoTogether() {
  const [owner, guest] = [await world.newcomer(), await world.newcomer()];
  return { owner, guest, ...(await world.unite(owner, guest)) };
}

const usual = [
  ["one process", "enhanced"],
  ["one process", "legacy"],
] as const;
/** Stories of their own run on several nodes: nodes, private, levels-and-pins and threads.integration.test.ts. */
const further = [
  ["two nodes", "enhanced"],
  ["four workers", "enhanced"],
  ["four workers", "legacy"],
  ["two nodes", "legacy"],
] as const;
const stages = process.env["EVERY_LAYOUT"] ? [...usual, ...further] : usual;

describe.each(stages)("%s, %s mode", (layout, mode) => {
  beforeAll(async () => {
    instance = await layouts[layout]!();
    return () => instance.cleanup();
  });

  beforeEach(() => {
    world = new ClientWorld(instance, mode);
    return () => world.close();
  });

  test("a session survives a reload and ends with a logout", async () => {
    const cookieFetch = createCookieFetch();
    const first = world.open({ fetch: cookieFetch });
    await first.start();
    expect(first.store.getState().session.status).toBe("anonymous");
    await first.register({ username: `reloaded-${mode}`, password, email: "somebody@example.org" });
    first.close();
    const reloaded = world.open({ fetch: cookieFetch });
    await reloaded.start();
    expect(reloaded.store.getState().session.me?.username).toBe(`reloaded-${mode}`);
    await reloaded.logout();
    const later = world.open({ fetch: cookieFetch });
    await later.start();
    expect(later.store.getState().session.status).toBe("anonymous");
  });

  test("a session revoked on another device logs the client out", async () => {
    const client = await world.newcomer();
    const [session] = await securityCalls(client.rest).listSessions();
    await securityCalls(client.rest).revokeSession(session!.id);
    await expect.poll(() => client.store.getState().session.status).toBe("anonymous");
  });

  test("state built from message, edit, reaction and deletion events equals a fresh fetch", async () => {
    const { owner, guest, channelId } = await twoTogether();
    const question = await say(owner, channelId, "question");
    await allConverge(owner, guest);
    const answer = await say(guest, channelId, "answer", { replyTo: timelineOf(guest, channelId).messages[0] });
    await allConverge(owner, guest);
    await owner.editMessage(question, "better question");
    await allConverge(owner, guest);
    await guest.setReaction(question, "👍", true);
    await allConverge(owner, guest);
    await owner.setReaction(question, "👍", true);
    await owner.setReaction(question, "🎉", true);
    await allConverge(owner, guest);
    await guest.setReaction(question, "👍", false);
    await allConverge(owner, guest);
    await owner.deleteMessage(question);
    await allConverge(owner, guest);
    expect(timelineOf(owner, channelId).messages.find(({ id }) => id === answer)?.reply_to).toMatchObject({
      is_deleted: true,
    });
  });

  test("two tabs agree on mentions, unread state and the inbox", async () => {
    const { owner, guest, channelId } = await twoTogether();
    const { username } = me(guest);
    const tab = world.open();
    await tab.login({ username, password });
    await say(owner, channelId, `hello @${username}`);
    await say(owner, channelId, "hello @everyone");
    await until(() => tab.store.getState().inbox.unread === 2);
    await allConverge(owner, guest, tab);
    expect(tab.store.getState().channels[channelId]).toMatchObject({
      last_message_seq: 2,
      read_seq: 0,
      mention_count: 2,
    });
    guest.markRead(channelId, 1);
    await until(() => tab.store.getState().channels[channelId]?.read_seq === 1);
    await allConverge(guest, tab);
    guest.markRead(channelId, 2);
    await until(() => tab.store.getState().channels[channelId]?.mention_count === 0);
    await allConverge(owner, guest, tab);
    await say(owner, channelId, `again @${username}`);
    await until(() => tab.store.getState().inbox.unread === 1 && guest.store.getState().inbox.unread === 1);
    await tab.markNotificationsRead(null);
    await allConverge(owner, guest, tab);
    expect(guest.store.getState().inbox.unread).toBe(0);
  });

  test("notifications of what is edited, deleted, left or taken away vanish in every open client", async () => {
    const { owner, guest, serverId, channelId } = await twoTogether();
    const { id: guestId, username } = me(guest);
    // Has no channel open, so it is told on the user's topic only.
    const tab = world.open();
    await tab.login({ username, password });
    const converge = async (unread: number) => {
      await until(() => [guest, tab].every((client) => client.store.getState().inbox.unread === unread));
      await allConverge(owner, guest, tab);
    };
    const mention = await say(owner, channelId, `hello @${username}`);
    const shout = await say(owner, channelId, "hello @everyone");
    const both = await say(owner, channelId, `@everyone and @${username}`);
    const { id: secondId } = await owner.rest.createChannel(serverId, { name: "second", type: "text" });
    await owner.rest.createMessage(secondId, { content: `@${username}` });
    await converge(4);
    await owner.editMessage(both, "nobody");
    await owner.editMessage(both, `again @${username}`);
    await owner.deleteMessage(mention);
    await owner.deleteMessage(shout);
    await owner.rest.deleteChannel(secondId);
    await converge(1);
    await owner.rest.kickMember(serverId, guestId);
    await until(() => [guest, tab].every((client) => client.store.getState().servers[serverId] === undefined));
    await guest.rest.joinInvite((await owner.rest.createInvite(serverId)).code);
    await owner.rest.createMessage(channelId, { content: `back @${username}` });
    await converge(1);
    const third = await world.newcomer();
    await owner.rest.createInvite(serverId, { username: me(third).username });
    await until(() => third.store.getState().inbox.unread === 1);
    await owner.rest.deleteServer(serverId);
    await converge(0);
    await allConverge(third);
    expect(tab.store.getState().inbox.notifications).toEqual([]);
  });

  test("members see servers and channels created, renamed, reordered and deleted", async () => {
    const { owner, guest, serverId, channelId } = await twoTogether();
    const { rest } = owner;
    const added = await rest.createChannel(serverId, { name: "second", type: "text" });
    await until(() => guest.store.getState().channels[added.id] !== undefined);
    await allConverge(owner, guest);
    await rest.updateChannel(added.id, { name: "renamed", topic: "plans", slow_mode_s: 5 });
    await rest.updateServer(serverId, { name: "New home" });
    await rest.reorderChannels(serverId, [
      added.id,
      ...owner.store.getState().servers[serverId]!.channelIds.filter((id) => id !== added.id),
    ]);
    await until(() => guest.store.getState().servers[serverId]?.channelIds[0] === added.id);
    await allConverge(owner, guest);
    await rest.deleteChannel(channelId);
    await until(() => guest.store.getState().timelines[channelId] === undefined);
    await allConverge(owner, guest);
    const removed = new Promise((resolve) => guest.on("removed_from_server", resolve));
    await rest.deleteServer(serverId);
    expect(await removed).toEqual({ serverId, name: "New home", reason: "deleted" });
    await allConverge(owner, guest);
    expect(guest.store.getState().serverIds).toEqual([]);
  });

  test("members see others join, change and leave, and a banned member loses the server at once", async () => {
    const { owner, guest, serverId, channelId } = await twoTogether();
    await say(guest, channelId, "hello");
    await guest.rest.updateProfile({ display_name: "Somebody else" });
    await until(() => timelineOf(owner, channelId).messages[0]?.author.display_name === "Somebody else");
    await allConverge(owner, guest);
    guest.setStatus("dnd");
    const guestId = me(guest).id;
    await until(() => owner.store.getState().presence[guestId] === "dnd");
    await allConverge(owner, guest);
    const third = await world.newcomer();
    const { code } = await owner.rest.createInvite(serverId);
    await third.rest.joinInvite(code);
    await until(() => owner.store.getState().servers[serverId]?.member_count === 3);
    await allConverge(owner, guest, third);
    await third.rest.leaveServer(serverId);
    await allConverge(owner, guest, third);
    await owner.rest.banMember(serverId, guestId);
    await until(() => guest.store.getState().serverIds.length === 0);
    await allConverge(owner, guest);
    await expect(guest.rest.listMessages(channelId)).rejects.toMatchObject({ code: "not_found" });
  });

  test("a time out is seen by all clients, and takes the right to write until it is lifted", async () => {
    const { owner, guest, serverId, channelId } = await twoTogether();
    const mayWrite = () => can(accessFacts(guest.store.getState(), serverId, channelId)!, "sendMessages");
    expect(mayWrite()).toBe(true);
    const end = new Date(Date.now() + 3_600_000).toISOString();
    await owner.rest.timeOutMember(serverId, me(guest).id, { until: end });
    await until(() => !mayWrite());
    await until(() => owner.store.getState().members[serverId]?.[me(guest).id]?.timed_out_until === end);
    await allConverge(owner, guest);
    await owner.rest.timeOutMember(serverId, me(guest).id, { until: null });
    await until(mayWrite);
    await say(guest, channelId, "back again");
    await allConverge(owner, guest);
  });

  test("a long history loads page by page, and a jump loads the page around a message", async () => {
    const { owner, guest, channelId } = await twoTogether();
    for (let n = 0; n < 230; n += 1) owner.sendMessage(channelId, { content: `m${n}` });
    await until(() => textsOf(guest, channelId).at(-1) === "m229");
    const reader = await world.newcomer();
    const { code } = await owner.rest.createInvite(guest.store.getState().serverIds[0]!);
    await reader.rest.joinInvite(code);
    await until(() => reader.store.getState().channels[channelId] !== undefined);
    await reader.openChannel(channelId);
    await reader.loadOlder(channelId);
    await allConverge(reader);
    expect(timelineOf(reader, channelId).messages).toHaveLength(100);
    const target = timelineOf(guest, channelId).messages[20]!;
    expect(await reader.jumpTo(channelId, target.id)).toBe(true);
    await owner.deleteMessage(timelineOf(guest, channelId).messages[25]!.id);
    await allConverge(reader, guest);
    while (timelineOf(reader, channelId).hasNewer) await reader.loadNewer(channelId);
    while (timelineOf(reader, channelId).hasOlder) await reader.loadOlder(channelId);
    await allConverge(reader);
    expect(timelineOf(reader, channelId).messages).toHaveLength(229);
  });

  test("an attachment is uploaded with its message and downloadable by members", async () => {
    const { owner, guest, channelId } = await twoTogether();
    const file = new File(["hello"], "hello.txt", { type: "text/plain" });
    const attachment = await owner.uploadAttachment(file);
    await say(owner, channelId, "", { attachments: [attachment] });
    await expect.poll(() => timelineOf(guest, channelId).messages[0]?.attachments[0]?.id).toBe(attachment.id);
    await allConverge(owner, guest);
  });

  test("a voice message that waits in the outbox for the server arrives with its length and wave form", async () => {
    const { owner, guest, channelId } = await twoTogether();
    const bytes = Buffer.from("4f676753000200000000000000001234567800000000aaaaaaaa01134f70757348656164", "hex");
    const file = new File([bytes, new Uint8Array(64)], "voice-message.ogg", { type: "audio/ogg" });
    const voice = { duration_ms: 1_500, waveform: "AP8A" };
    const attachment = await owner.uploadAttachment(file, { voice });
    expect(attachment).toMatchObject({ ...voice, content_type: "audio/ogg" });
    await instance.stop();
    owner.sendMessage(channelId, { content: "", attachments: [attachment] });
    expect(timelineOf(owner, channelId).outbox[0]?.attachments).toMatchObject([voice]);
    await instance.restart();
    await expect.poll(() => timelineOf(guest, channelId).messages[0]?.attachments[0]).toMatchObject(voice);
    const [original] = timelineOf(guest, channelId).messages;
    guest.sendMessage(channelId, { content: "heard", replyTo: original! });
    await expect.poll(() => timelineOf(owner, channelId).messages[1]?.reply_to).toMatchObject({ voice_ms: 1_500 });
    await owner.rest.deleteMessage(original!.id);
    await expect.poll(() => timelineOf(guest, channelId).messages[0]?.reply_to?.is_deleted).toBe(true);
    await allConverge(owner, guest);
  });

  test("what a person changes of their account while another device is cut off is there once that is back", async () => {
    const device = await world.newcomer();
    const other = world.open();
    await other.login({ username: me(device).username, password });
    await until(() => other.store.getState().connection.ready);
    await instance.stop();
    await until(() => !device.store.getState().connection.ready);
    await instance.restart();
    // Before the device is back, whose first attempts have failed.
    await other.rest.updateProfile({ display_name: "Renamed" });
    await until(() => device.store.getState().connection.ready);
    await expect.poll(() => me(device).display_name).toBe("Renamed");
    await allConverge(device);
  });

  test("a name that somebody changed while one was away is on all of their messages, also once they have written more", async () => {
    const away = { is: false };
    class Away extends WebSocket {
      constructor(url: string, protocols?: string[]) {
        super(away.is ? "ws://127.0.0.1:1" : url, protocols);
      }
    }
    const [owner, guest] = [await world.newcomer({ WebSocket: Away }), await world.newcomer()];
    const { channelId } = await world.unite(owner, guest);
    await say(guest, channelId, "before");
    await until(() => textsOf(owner, channelId).length === 1);
    away.is = true;
    owner.reconnect({ force: true });
    await until(() => !owner.store.getState().connection.ready);
    await guest.rest.updateProfile({ display_name: "Renamed" });
    await say(guest, channelId, "after");
    away.is = false;
    const names = () => timelineOf(owner, channelId).messages.map(({ author }) => author.display_name);
    await expect.poll(names).toEqual(["Renamed", "Renamed"]);
    await allConverge(owner, guest);
  });

  test("after a server restart unsent messages are sent once and in order, and missed ones arrive", async () => {
    const { owner, guest, channelId } = await twoTogether();
    await say(owner, channelId, "before");
    await instance.stop();
    for (let n = 0; n < 10; n += 1) {
      owner.sendMessage(channelId, { content: `o${n}` });
      guest.sendMessage(channelId, { content: `g${n}` });
    }
    await instance.restart();
    await until(() => textsOf(owner, channelId).length === 21 && textsOf(guest, channelId).length === 21);
    await allConverge(owner, guest);
    const ofOwner = textsOf(guest, channelId).filter((text) => text.startsWith("o"));
    expect(ofOwner).toEqual(Array.from({ length: 10 }, (_, n) => `o${n}`));
  });
});
