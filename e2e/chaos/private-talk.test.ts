import { randomUUID } from "node:crypto";
import type { DmState, SearchResult, ServerState } from "@miscord/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../apps/server/src/testing/test-server.ts";
import { makeNoise, Person, waysIn, waysOfVersion1, type Secret } from "./ways-in.ts";

/** Private calls are encrypted. */
const callPath = (channelId: number) => `/ws/voice/${channelId}?session=${randomUUID()}&media=forwarded&encryption=mls`;

let server: TestServer;
let people: Person[];
let serverId: number;

beforeEach(async () => {
  server = await startTestServer();
  people = [];
  for (const name of ["ann", "bob", "eve", "ada"]) people.push(await Person.arrive(server.url, name));
  const [ann, , , admin] = people;
  await admin!.http.post("/api/admin/claim", { claim_token: new URL(server.claimUrl!).hash.slice(1) });
  const home = await ann!.http.post<ServerState>("/api/servers", { name: "Home" });
  serverId = home.id;
  const { code } = await ann!.http.post<{ code: string }>(`/api/servers/${serverId}/invites`);
  for (const other of people.slice(1)) await other.http.post(`/api/invites/${code}`);
});

afterEach(async () => {
  for (const person of people) person.close();
  await server.cleanup();
});

/** A private channel with everything in it that could be told. */
async function talk(userIds: readonly number[], word: string): Promise<Secret> {
  const [ann, bob] = people;
  const channel = await ann!.http.post<DmState>("/api/dms", { user_ids: userIds, name: `${word} group` });
  const message = await makeNoise(ann!, channel.id, word);
  await bob!.main.next("dm_activity", (event) => event.channel_id === channel.id);
  const words = new Set([word]);
  return { channelId: channel.id, words, messageId: message.id, fileUrl: message.attachments[0]!.file_url };
}

test(
  "private talk does not exist for other members and for administrators, on any way in",
  { timeout: 60_000 },
  async () => {
    const [ann, bob, eve, admin] = people;
    const marks = [eve!.received(), admin!.received()];
    const secrets = [await talk([bob!.id], "whisper"), await talk([bob!.id], "murmur")];
    const pair = await ann!.http.post<DmState>("/api/dms", { user_ids: [bob!.id] });
    const message = await makeNoise(ann!, pair.id, "breath");
    secrets.push({ channelId: pair.id, words: new Set(["breath"]), messageId: message.id, fileUrl: null });
    for (const { channelId } of secrets) {
      const call = ann!.dial(callPath(channelId));
      await call.next("participants");
      call.send({ type: "ring" });
      await bob!.main.next("call_ringing", (event) => event.channel_id === channelId);
    }
    // Their own people find them, so that the search of others is tried with an index that has them.
    for (const { words, channelId } of secrets) {
      const hits = async (person: Person) =>
        (await person.http.get<SearchResult>(`/api/search?q=${[...words][0]}`)).hits.map((hit) => hit.channel_id);
      await expect.poll(async () => [await hits(ann!), await hits(bob!)]).toEqual([[channelId], [channelId]]);
    }
    for (const secret of secrets) {
      for (const person of [eve!, admin!]) {
        for (const way of Object.values(waysIn)) await way(person, secret, serverId);
      }
    }
    for (const [index, person] of [eve!, admin!].entries()) {
      for (const secret of secrets) expect(person.heardSince(marks[index]!, secret)).toEqual([]);
    }
    // For version 1 it exists for nobody, not even for its own people.
    for (const way of Object.values(waysOfVersion1)) await way(bob!, secrets[0]!, serverId);
    const { participants } = await bob!.dial(callPath(pair.id)).next("participants");
    expect(participants).toMatchObject([{ user_id: ann!.id }]);
  },
);

test("a blocked person is refused on the socket too, and shows nothing by typing", async () => {
  const [ann, bob] = people;
  const pair = await bob!.http.post<DmState>("/api/dms", { user_ids: [ann!.id] });
  const message = await bob!.http.send(pair.id, "before");
  ann!.main.send({ type: "join_channel", channel_id: pair.id });
  bob!.main.send({ type: "join_channel", channel_id: pair.id });
  for (const person of [ann!, bob!]) await person.main.next("channel_synced", (event) => event.channel_id === pair.id);
  await ann!.http.put(`/api/me/blocks/${bob!.id}`);
  const mark = ann!.main.frames.length;
  const channel_id = pair.id;
  const commands = [
    { type: "chat_message", channel_id, content: "let me", ref: "send" },
    { type: "chat_message", channel_id, content: "let me", reply_to_id: message.id, ref: "reply" },
    { type: "message_edit", message_id: message.id, content: "let me", ref: "edit" },
    { type: "reaction_add", message_id: message.id, emoji: "👍", ref: "react" },
    { type: "typing", channel_id, ref: "typing" },
  ];
  for (const command of commands) {
    bob!.main.send(command);
    const { ref } = command;
    expect(await bob!.main.next("error", (event) => event.ref === ref)).toMatchObject({ code: "forbidden" });
  }
  const call = bob!.dial(callPath(pair.id));
  expect(await call.closed).toEqual({ code: 4003, reason: "This person does not accept messages from you." });
  await ann!.main.roundTrip();
  const heard = JSON.stringify(ann!.main.frames.slice(mark));
  expect(heard).not.toContain("let me");
  expect(heard).not.toContain('"typing"');
  expect(heard).not.toContain("reaction_updated");
  expect(heard).not.toMatch(/voice_|call_/);
});
