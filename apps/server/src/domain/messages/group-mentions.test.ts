import { afterEach, expect, test, vi } from "vitest";
import { chunks } from "../../chunks.ts";
import { eventually } from "../../testing/eventually.ts";
import { insertPeople } from "../../testing/insert-people.ts";
import { codeOf } from "../../testing/code-of.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";
import { deleteMessage } from "./delete-message.ts";
import { editMessage } from "./edit-message.ts";
import { sendMessage } from "./send-message.ts";

let world: RealtimeWorld;
afterEach(() => world.close());

function addMembers(serverId: number, count: number): Promise<number[]> {
  return insertPeople(world.store, count, (ids) => {
    const members = ids.map((id) => ({ server_id: serverId, user_id: id, joined_at: 1 }));
    return world.store.db.insertInto("members").values(members).execute();
  });
}

/** A role that these have; returns its id. */
async function addRole(serverId: number, userIds: readonly number[]): Promise<number> {
  const { db } = world.store;
  const columns = { server_id: serverId, name: "Role", color: null, permissions: 0, position: 1, created_at: 1 };
  const { id } = await db.insertInto("roles").values(columns).returning("id").executeTakeFirstOrThrow();
  for (const some of chunks(userIds, 500)) {
    const rows = some.map((user_id) => ({ server_id: serverId, user_id, role_id: id }));
    await db.insertInto("member_roles").values(rows).execute();
  }
  return id;
}

test("the messages of one author to everyone notify so many people, then the author waits", async () => {
  world = await RealtimeWorld.open();
  const [owner, guest] = [await world.person("owner"), await world.person("guest")];
  const { serverId, channelId } = await world.server(owner, guest);
  await addMembers(serverId, 5_500);
  const send = ({ id }: TestPerson, content: string, nonce?: string) =>
    sendMessage(world.context, { userId: id }, { channelId, content, nonce });
  const edit = (messageId: number, content: string) =>
    codeOf(editMessage(world.context, { userId: owner.id }, { messageId, content }));
  const { message: first } = await send(owner, "@everyone, the server moves", "first");
  const { message: plain } = await send(owner, "soon");
  const codes = [];
  for (let time = 0; time < 5; time += 1) codes.push(await codeOf(send(owner, "@everyone again")));
  expect(codes).toEqual(["ok", "ok", "ok", "rate_limited", "rate_limited"]);
  // What notifies nobody, or somebody by name, is not held up; nor is the text of a message that notified everybody before.
  expect(await codeOf(send(owner, "and @guest1"))).toBe("ok");
  expect(await codeOf(send(guest, "@everyone by a guest"))).toBe("ok");
  // Whose answer was lost is sent once more.
  expect((await send(owner, "@everyone, the server moves", "first")).message.id).toBe(first.id);
  expect(await codeOf(send(owner, "@everyone, the server moves", "second"))).toBe("rate_limited");
  expect(await codeOf(send(owner, "@everyone, the server moves", "\0"))).toBe("rate_limited");
  expect(await edit(first.id, "@everyone, the server moves today")).toBe("ok");
  expect(await edit(plain.id, "@everyone, soon")).toBe("rate_limited");
  expect(await edit(plain.id, "@here, soon")).toBe("rate_limited");
  // Nor does it help to take it back and repeat it at once.
  const both = [edit(first.id, "The server has moved"), edit(first.id, "@everyone, the server has moved")];
  expect(await Promise.all(both)).toEqual(["ok", "rate_limited"]);
  // Whoever waits learns nothing of what others have written elsewhere.
  const { channelId: unseen } = await world.server(guest);
  for (const content of ["@everyone, this is ours", "quiet"]) {
    const { message } = await sendMessage(world.context, { userId: guest.id }, { channelId: unseen, content });
    expect(await edit(message.id, "@everyone")).toBe("not_found");
  }
  world.clock.advance(60_000);
  expect(await codeOf(send(owner, "@everyone, it has moved"))).toBe("ok");
  // Thirty thousand rows on a busy machine.
});

test("whom a message addresses in two ways is looked up for each of thousands, not compared with all", async () => {
  world = await RealtimeWorld.open();
  const owner = await world.person("owner");
  const { serverId, channelId } = await world.server(owner);
  const role = await addRole(serverId, await addMembers(serverId, 5_500));
  const send = async (content: string) => {
    const before = process.cpuUsage();
    await sendMessage(world.context, { userId: owner.id }, { channelId, content });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  const once = await send("@everyone");
  expect(await send(`<@&${role}> @everyone`)).toBeLessThan(200 + 5 * once);
});

test("an edit that addresses everyone as before counts nobody's mentions anew, and one that begins or ends it does", async () => {
  world = await RealtimeWorld.open();
  const [owner, guest] = [await world.person("owner"), await world.person("guest")];
  const { channelId } = await world.server(owner, guest);
  const counted: number[][] = [];
  const announce = world.context.unread.announce.bind(world.context.unread);
  vi.spyOn(world.context.unread, "announce").mockImplementation(async (channel, userIds) => {
    counted.push([...userIds]);
    return announce(channel, userIds);
  });
  const { message } = await sendMessage(world.context, { userId: owner.id }, { channelId, content: "@everyone, a" });
  const edit = (content: string) =>
    editMessage(world.context, { userId: owner.id }, { messageId: message.id, content });
  const isCounted = () => counted.some((userIds) => userIds.includes(guest.id));
  await eventually(() => expect(isCounted()).toBe(true));
  for (const [content, isNews] of [
    ["@everyone, b", false],
    ["c", true],
    ["d", false],
    ["@everyone, e", true],
  ] as const) {
    counted.length = 0;
    await edit(content);
    // What follows a later message comes after what follows the edit.
    await sendMessage(world.context, { userId: guest.id }, { channelId, content: `@${owner.name}` });
    await eventually(() => expect(counted).toContainEqual([owner.id]));
    await eventually(() => expect(isCounted() || !isNews).toBe(true));
    expect([content, isCounted()]).toEqual([content, isNews]);
  }
});

test("what addresses a role no longer concerns those who had it, and not the whole server", async () => {
  world = await RealtimeWorld.open();
  const [owner, guest, crowd] = [await world.person("owner"), await world.person("guest"), await world.person("crowd")];
  const { serverId, channelId } = await world.server(owner, guest, crowd);
  const role = `<@&${await addRole(serverId, [guest.id])}>`;
  const told = new Map<number, string[]>();
  const publish = world.bus.publish.bind(world.bus);
  vi.spyOn(world.bus, "publish").mockImplementation((topic, message) => {
    const userId = Number(topic.split(":")[1]);
    if (topic.startsWith("user:") && message.kind === "event" && userId !== owner.id) {
      told.set(userId, [...(told.get(userId) ?? []), message.event.type]);
    }
    publish(topic, message);
  });
  const take = async (work: () => Promise<unknown>) => {
    told.clear();
    await work();
    await eventually(() => expect(told.get(guest.id)).toContain("read_updated"));
    return Object.fromEntries(told);
  };
  const actor = { userId: owner.id };
  const { message } = await sendMessage(world.context, actor, { channelId, content: role });
  await eventually(() => expect(told.get(guest.id)).toContain("read_updated"));
  const edit = (content: string) => editMessage(world.context, actor, { messageId: message.id, content });
  // Once for each kind of group.
  const removed = Array(3).fill("notifications_removed");
  expect(await take(() => edit("nobody"))).toEqual({ [guest.id]: [...removed, "read_updated"] });
  expect(await take(() => edit(role))).toEqual({ [guest.id]: ["notification", "read_updated"] });
  expect(await take(() => deleteMessage(world.context, actor, { messageId: message.id }))).toEqual({
    [guest.id]: ["notifications_removed", "read_updated"],
  });
});

test("a message that is stored is answered as one, though nobody can count whom it notifies", async () => {
  world = await RealtimeWorld.open();
  const owner = await world.person("owner");
  const { channelId } = await world.server(owner);
  const { store } = world.context;
  const selectFrom = () => {
    throw new Error("The database is not available.");
  };
  const context = { ...world.context, store: { ...store, db: { selectFrom } as unknown as typeof store.db } };
  const { message } = await sendMessage(context, { userId: owner.id }, { channelId, content: "@everyone" });
  expect(message.mentions_everyone).toBe(true);
});

test("groups that are small, or that the author may not address, cost next to nothing", async () => {
  world = await RealtimeWorld.open();
  const people = [await world.person("owner"), await world.person("guest")];
  const { channelId } = await world.server(...people);
  for (let time = 0; time < 3; time += 1) {
    const sent = people.flatMap(({ id }) =>
      Array.from({ length: 8 }, () =>
        codeOf(sendMessage(world.context, { userId: id }, { channelId, content: "@everyone and @here" })),
      ),
    );
    expect(new Set(await Promise.all(sent))).toEqual(new Set(["ok"]));
  }
});

test("an edit that goes on mentioning everyone counts nobody's unread messages anew", async () => {
  world = await RealtimeWorld.open();
  const [owner, guest] = [await world.person("owner"), await world.person("guest")];
  const { channelId } = await world.server(owner, guest);
  const announce = vi.spyOn(world.context.unread, "announce");
  const actor = { userId: owner.id };
  const told = () => announce.mock.calls.map(([, userIds]) => [...userIds].toSorted((a, b) => a - b));
  const { message } = await sendMessage(world.context, actor, { channelId, content: "@everyone, now" });
  await expect.poll(told).toHaveLength(1);
  await editMessage(world.context, actor, { messageId: message.id, content: "@everyone, soon" });
  // What follows from it begins before what follows from a later message.
  await sendMessage(world.context, actor, { channelId, content: `@${guest.name}` });
  await expect.poll(() => told().at(-1)).toEqual([guest.id]);
  await editMessage(world.context, actor, { messageId: message.id, content: "quiet" });
  await expect.poll(() => told().at(-1)).toContain(owner.id);
  expect(told()).toHaveLength(3);
});
