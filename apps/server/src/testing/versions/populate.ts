import type { ServerState } from "@miscord/protocol";
import { TestClient } from "../test-client.ts";
import type { RecordedInstance, RecordedUser } from "./fixture.ts";

const text = "The bylaws of the chess club.";
const fileName = "bylaws.txt";

/**
 * Fills an empty instance over HTTP with a little of everything, and records how its API answers. Every later version of
 * Miscord is tested with the data of this call.
 */
export async function populate(url: string): Promise<RecordedInstance> {
  const [ann, bob, carol, zhanna] = await Promise.all(
    ["ann", "bob", "carol", "жанна"].map((name) => TestClient.register(url, name, { email: emailOf(name) })),
  );
  if (!ann || !bob || !carol || !zhanna) throw new Error("not everybody is registered");
  const home = await ann.createServer("Chess club");
  const inviteCode = await ann.invite(home.id, { expires_in: null });
  for (const guest of [bob, carol, zhanna]) await guest.join(inviteCode);
  const plans = await ann.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "plans", type: "text" });
  const channelId = textChannelOf(home);
  const file = await converse(channelId, { ann, bob, carol, zhanna });
  for (let day = 1; day <= 5; day += 1) await zhanna.send(plans.id, `Round ${day} is on Monday.`);
  await ann.put(`/api/servers/${home.id}/bans/${carol.me.id}`);
  await bob.put("/api/auth/me/status", { status: "dnd" });
  await zhanna.patch("/api/auth/me", { display_name: "Жанна", locale: "ru", theme: "light" });

  const paths = [
    "/api/auth/me",
    "/api/servers",
    `/api/servers/${home.id}/members`,
    `/api/channels/${channelId}/messages`,
    `/api/channels/${plans.id}/messages`,
    "/api/notifications",
  ];
  const managed = [`/api/servers/${home.id}/bans`, `/api/servers/${home.id}/invites`];
  const users = await Promise.all([
    record(ann, [...paths, ...managed]),
    record(bob, paths),
    record(zhanna, paths),
    record(carol, ["/api/auth/me", "/api/servers"], true),
  ]);
  return { recordedAtMs: Date.now(), serverId: home.id, channelId, file: { path: file, text }, inviteCode, users };
}

/** Messages, a reply, mentions, an edit, reactions, a deletion, a file and a read position; returns the file's path. */
async function converse(channelId: number, people: Record<"ann" | "bob" | "carol" | "zhanna", TestClient>) {
  const { ann, bob, carol, zhanna } = people;
  const hello = await ann.send(channelId, "Hello, **everybody**. `@bob` mentions nobody.");
  const reply = await bob.send(channelId, "Hello @ann!", { reply_to_id: hello.id });
  const draft = await zhanna.send(channelId, "Is @carol hear?");
  await zhanna.patch(`/api/messages/${draft.id}`, { content: "Is @carol here?" });
  const advertisement = await carol.send(channelId, "Buy my book, @ann.");
  await bob.send(channelId, "Please don't.", { reply_to_id: advertisement.id });
  await ann.delete(`/api/messages/${advertisement.id}`);
  for (const person of [ann, zhanna])
    await person.put(`/api/messages/${reply.id}/reactions/${encodeURIComponent("👍")}`);
  await carol.put(`/api/messages/${hello.id}/reactions/${encodeURIComponent("🎉")}`);
  await bob.put(`/api/channels/${channelId}/read`, { seq: reply.seq });
  const { body: attachment } = await ann.upload(text, fileName, "text/plain");
  await ann.send(channelId, "The rules:", { attachments: [attachment.id] });
  return `/api/attachments/${attachment.id}/${fileName}`;
}

async function record(person: TestClient, paths: readonly string[], isBanned = false): Promise<RecordedUser> {
  const answers = await Promise.all(paths.map(async (path) => [path, await person.get(path)] as const));
  return {
    username: person.me.username,
    isBanned,
    accessToken: person.token ?? "",
    cookies: [...person.cookies],
    answers: Object.fromEntries(answers),
  };
}

function textChannelOf({ channels }: ServerState): number {
  const channel = channels.find(({ type }) => type === "text");
  if (!channel) throw new Error("the new server has no text channel");
  return channel.id;
}

function emailOf(username: string): string {
  return /^[a-z]+$/.test(username) ? `${username}@example.org` : "zhanna@example.org";
}
