import type { CustomEmoji, History, Message, ServerState, WebhookWithToken } from "@miscord/protocol";
import { bitsOf, type PermissionName } from "@miscord/rights";
import { emojiMark } from "@miscord/text";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newHome, startForExpressions, uploadExpression, type ExpressionPeople } from "../../testing/expressions.ts";
import { TestClient } from "../../testing/test-client.ts";
import type { TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let people: ExpressionPeople;
let picture: Buffer;
/** Where foreign emoji and stickers are not for everybody; the member's other server has them. */
let home: ServerState;
let general: number;
let cat: CustomEmoji;
let own: CustomEmoji;
let sticker: CustomEmoji;

const make = async (client: TestClient, serverId: number, kind: "emojis" | "stickers", name: string) =>
  (await uploadExpression(client, `/api/servers/${serverId}/${kind}`, { name, bytes: picture })).made;

beforeAll(async () => {
  const { server: started, picture: drawn, ...known } = await startForExpressions(60);
  [server, picture, people] = [started, drawn, known];
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  const { owner, member, outsider } = people;
  ({ home, general } = await newHome(people));
  const elsewhere = await outsider.createServer();
  const code = await outsider.invite(elsewhere.id);
  for (const client of [owner, member]) await client.join(code);
  cat = await make(outsider, elsewhere.id, "emojis", "cat");
  sticker = await make(outsider, elsewhere.id, "stickers", "Cat");
  own = await make(owner, home.id, "emojis", "home");
  await deny("useExternalEmojis", "useExternalStickers");
});

const deny = (...names: PermissionName[]) =>
  people.owner.put(`/api/channels/${general}/overrides/${home.everyone_role_id}`, {
    type: "role",
    allow: 0,
    deny: bitsOf(...names),
  });
const both = () => `${emojiMark(cat)} ${emojiMark(own)}`;
const named = () => `:cat: ${emojiMark(own)}`;
const last = async () => (await people.owner.get<History>(`/api/channels/${general}/messages`)).messages.at(-1)!;

describe("where emoji of other servers are not for everybody", () => {
  test("texts have their names, in new messages and edited ones, and those of who may use them are as written", async () => {
    const { owner, member } = people;
    const sent = await member.send(general, both());
    expect(sent.content).toBe(named());
    const edited = await member.patch<Message>(`/api/messages/${sent.id}`, { content: `again ${both()}` });
    expect(edited.content).toBe(`again ${named()}`);
    expect((await owner.send(general, both())).content).toBe(both());
    await deny();
    expect((await member.send(general, both())).content).toBe(both());
  });

  test("forwarded texts have their names", async () => {
    const { owner, member } = people;
    const dm = await member.post<{ id: number }>("/api/dms", { user_ids: [owner.me.id] });
    const source = await member.send(dm.id, both());
    expect(source.content).toBe(both());
    const forward = (client: TestClient) =>
      client.post<Message>(`/api/messages/${source.id}/forward`, { channel_id: general, content: "" });
    expect((await forward(member)).forwarded?.content).toBe(named());
    expect((await forward(owner)).forwarded?.content).toBe(both());
  });

  test("a webhook may use what its creator may", async () => {
    const { owner, member } = people;
    await owner.put(`/api/channels/${general}/overrides/${member.me.id}`, {
      type: "member",
      allow: bitsOf("manageWebhooks"),
      deny: 0,
    });
    for (const [client, expected] of [
      [member, named()],
      [owner, both()],
    ] as const) {
      const hook = await client.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "x" });
      const path = `/api/webhooks/${hook.id}/${hook.token}`;
      await new TestClient(server.url).request("POST", path, { body: { content: both() } });
      expect((await last()).content).toBe(expected);
    }
  });

  test("reactions with them only join in", async () => {
    const { owner, member } = people;
    const { id } = await owner.send(general, "react");
    const react = (client: TestClient, emoji: CustomEmoji) =>
      client.request("PUT", `/api/messages/${id}/reactions/${encodeURIComponent(emojiMark(emoji))}`);
    expect((await react(member, cat)).code).toBe("not_found");
    expect((await react(member, own)).status).toBe(204);
    expect((await react(owner, cat)).status).toBe(204);
    expect((await react(member, cat)).status).toBe(204);
  });

  test("stickers of other servers are refused, and sent in private channels", async () => {
    const { owner, member } = people;
    const mine = await make(owner, home.id, "stickers", "Home");
    const send = (client: TestClient, sticker_id: number, channelId = general) =>
      client.request("POST", `/api/channels/${channelId}/messages`, { body: { content: "", sticker_id } });
    expect((await send(member, sticker.id)).code).toBe("forbidden");
    expect((await send(member, mine.id)).status).toBe(201);
    expect((await send(owner, sticker.id)).status).toBe(201);
    const dm = await member.post<{ id: number }>("/api/dms", { user_ids: [owner.me.id] });
    expect((await send(member, sticker.id, dm.id)).status).toBe(201);
  });
});
