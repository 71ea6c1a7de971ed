import {
  importLimits,
  type AuthorClaim,
  type AuthorClaims,
  type BotWithToken,
  type Credentials,
  type ImportClaim,
  type InstanceLog,
  type Message,
  type PendingAuthorClaims,
  type ServerState,
} from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { withStore } from "../../admin/open-store.ts";
import { systemClock } from "../../clock.ts";
import { MemoryCluster } from "../../cluster/memory.ts";
import { makeAuthor } from "../../domain/imports/claim-author.ts";
import { resumeGiving } from "../../domain/imports/give-written.ts";
import { claimedPlaceholders, giveSome } from "../../store/queries/claim-placeholder.ts";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { jsonMessage } from "../../admin/discord/testing/write-export.ts";
import { runImport, writtenFile } from "../../domain/imports/testing/upload-export.ts";
import { openMain } from "../../testing/expressions.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const own = "/api/me/author-claims";
const queue = "/api/instance/imports/author-claims";
const missing = { status: 404, code: "not_found" };
const authors = importLimits.claimsPerUser + 2;

describe.each(["SQLite", "PostgreSQL"])("claims of imported authors in %s", (database) => {
  let postgres: TestPostgres | undefined;
  let server: TestServer;
  let admin: TestClient;
  let ann: TestClient;
  let bob: TestClient;
  let home: ServerState;
  /** By the number of the author, the first message of each. */
  let messages: Message[];
  let guild = 0;

  beforeAll(async () => {
    if (database === "PostgreSQL") postgres = await startPostgres();
    server = await startTestServer(postgres ? { databaseUrl: postgres.createDatabase() } : {});
    admin = await TestClient.register(server.url, "admin");
    await makeAdministrator(server.config, "admin");
  });
  let people = 0;
  /** A server with what some people wrote in Discord, of which two are members. */
  beforeEach(async () => {
    guild += 1;
    const lines = Array.from({ length: authors }, (_, number) => [number, number]).flat();
    const author = (number: number) => ({
      id: String(guild * 1_000 + number),
      name: `old.${guild}.${number}`,
      nickname: `Old ${number}`,
    });
    const thumb = { emoji: { id: "", name: "👍", code: "thumbsup" }, count: 1, users: [author(0)] };
    const texts = lines.map((number, place) =>
      jsonMessage(String(guild * 10_000 + place), {
        content: `line ${number}`,
        author: author(number),
        reactions: number === 1 ? [thumb] : [],
      }),
    );
    const { server_id: serverId } = await runImport(admin, [writtenFile(texts, { guild: String(90_000 + guild) })]);
    home = await admin.get<ServerState>(`/api/servers/${serverId}`);
    const code = await admin.invite(home.id);
    [ann, bob] = [
      await TestClient.register(server.url, `ann${(people += 1)}`),
      await TestClient.register(server.url, `bob${people}`),
    ];
    for (const client of [ann, bob]) await client.join(code);
    const page = await ann.get<{ messages: Message[] }>(`/api/channels/${home.channels[0]!.id}/messages?limit=100`);
    messages = Array.from({ length: authors }, (_, number) =>
      page.messages.find(({ content }) => content === `line ${number}`)!,
    );
  });
  afterAll(async () => {
    await server.cleanup();
    postgres?.dispose();
  });

  const ask = (client: TestClient, number = 0) =>
    client.request<AuthorClaim>("POST", own, { body: { message_id: messages[number]!.id } });
  const claims = async (client: TestClient) => (await client.get<AuthorClaims>(own)).claims;
  const waiting = async () => (await admin.get<PendingAuthorClaims>(queue)).claims;
  const decide = (id: number, decision: string, by = admin) =>
    by.request<ImportClaim>("PUT", `${queue}/${id}`, { body: { decision } });

  test("wait for an administrator, who sees both names, the number of messages and since when, also after a restart", async () => {
    expect(messages[0]!.author).toMatchObject({ display_name: "Old 0", is_placeholder: true });
    const [asker, decider] = [await openMain(ann), await openMain(admin)];
    const { status, body } = await ask(ann);
    expect([status, body.status, body.author.display_name]).toEqual([201, "pending", "Old 0"]);
    await decider.next("author_claims_changed", ({ news }) => news === "asked");
    await asker.next("author_claims_changed", ({ news }) => news === undefined);
    // Once more says the same, and is no second one.
    expect((await ask(ann)).body).toEqual(body);
    await server.restart();
    await Promise.all([admin.refresh(), ann.refresh(), bob.refresh()]);
    expect(await claims(ann)).toEqual([body]);
    const [claim] = await waiting();
    expect(claim).toMatchObject({
      id: body.id,
      discord_name: `old.${guild}.0`,
      messages: 2,
      author: { display_name: "Old 0", is_placeholder: true },
      user: { username: ann.me.username },
      server: { id: home.id },
      attempts: 1,
    });
    expect(Date.parse(claim!.joined_at)).toBeLessThanOrEqual(Date.parse(claim!.created_at));
  });

  test("that are accepted give the messages, decline what others asked, and are in the log", async () => {
    const [mine, theirs] = [(await ask(ann)).body, (await ask(bob)).body];
    const [winner, loser] = [await openMain(ann), await openMain(bob)];
    expect((await decide(mine.id, "accept")).body).toEqual({ username: ann.me.username, messages: 2 });
    await winner.next("author_claims_changed", ({ news }) => news === "accepted");
    await loser.next("author_claims_changed", ({ news }) => news === "declined");
    expect(await claims(ann)).toMatchObject([{ status: "accepted", may_repeat: false }]);
    expect(await claims(bob)).toMatchObject([{ id: theirs.id, status: "declined" }]);
    expect(await decide(theirs.id, "accept")).toMatchObject(missing);
    const { messages: page } = await bob.get<{ messages: Message[] }>(
      `/api/channels/${home.channels[0]!.id}/messages?limit=100`,
    );
    const given = page.filter(({ content }) => content === "line 0");
    expect(given.map(({ author }) => author.id)).toEqual([ann.me.id, ann.me.id]);
    expect(await ask(bob)).toMatchObject(missing);
    const { entries } = await admin.get<InstanceLog>("/api/instance/log?limit=1");
    expect(entries[0]).toMatchObject({ action: "import_claim", user: { username: ann.me.username } });
  });

  test("that a crash interrupted are given to the end", async () => {
    const from = messages[0]!.author.id;
    const to = ann.me.id;
    await withStore(server.config, async (store) => {
      const { db } = store;
      await db.transaction().execute((trx) => makeAuthor(trx, { from, to, at: 1 }));
      expect(await claimedPlaceholders(db)).toEqual([{ id: from, user_id: to }]);
      await db.transaction().execute((trx) => giveSome(trx, from, to));
      const given = await store.log.message(messages[0]!.id);
      expect([given!.author.id, given!.updated_seq > messages[0]!.updated_seq]).toEqual([to, true]);
      const reactedTo = () => store.log.message(messages[1]!.id);
      expect((await reactedTo())!.reactions[0]!.user_ids).toEqual([from]);
      await resumeGiving({
        store,
        bus: new RecordingBus(),
        clock: systemClock,
        cluster: new MemoryCluster(systemClock),
      });
      expect((await reactedTo())!.reactions[0]!.user_ids).toEqual([to]);
      expect(await claimedPlaceholders(db)).toEqual([]);
    });
  });

  test("that are declined may be repeated, and not endlessly", async () => {
    for (let attempt = 1; attempt <= importLimits.claimAttempts; attempt += 1) {
      const { status, body } = await ask(ann);
      expect(status).toBe(201);
      expect((await waiting()).find(({ id }) => id === body.id)).toMatchObject({ attempts: attempt });
      expect(await decide(body.id, "decline")).toMatchObject({ status: 200 });
      expect(await claims(ann)).toMatchObject([
        { status: "declined", may_repeat: attempt < importLimits.claimAttempts },
      ]);
    }
    expect(await ask(ann)).toMatchObject({ code: "limit_reached" });
    const { entries } = await admin.get<InstanceLog>("/api/instance/log?limit=1");
    expect(entries[0]).toMatchObject({ action: "import_claim_decline", changes: [{ after: "Old 0" }] });
  });

  test("are taken back by whoever asked, and by nobody else, which counts among the attempts", async () => {
    const { id } = (await ask(ann)).body;
    expect(await bob.request("DELETE", `${own}/${id}`)).toMatchObject(missing);
    await ann.delete(`${own}/${id}`);
    expect(await ann.request("DELETE", `${own}/${id}`)).toMatchObject(missing);
    expect([await claims(ann), (await waiting()).filter((one) => one.id === id)]).toEqual([[], []]);
    expect(await decide(id, "accept")).toMatchObject(missing);
    await ask(ann);
    await ann.delete(`${own}/${id}`);
    await ask(ann);
    await ann.delete(`${own}/${id}`);
    expect(await ask(ann)).toMatchObject({ code: "limit_reached" });
  });

  test("are few that wait, and few in all", async () => {
    for (let number = 0; number < importLimits.claimsWaiting; number += 1) await ask(ann, number);
    expect(await ask(ann, importLimits.claimsWaiting)).toMatchObject({ code: "limit_reached" });
    for (let number = 0; number < importLimits.claimsPerUser; number += 1) {
      const { body } = await ask(ann, number);
      await ann.delete(`${own}/${body.id}`);
    }
    expect(await ask(ann, importLimits.claimsPerUser)).toMatchObject({ code: "limit_reached" });
  });

  test("are asked at the same time once", async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(ann)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await waiting()).filter(({ user }) => user.id === ann.me.id)).toMatchObject([{ attempts: 1 }]);
    const rival = (await ask(bob)).body;
    const others = await Promise.all(
      Array.from({ length: importLimits.claimsWaiting + 3 }, (_, number) => ask(bob, number)),
    );
    expect(others.filter(({ status }) => status === 201)).toHaveLength(importLimits.claimsWaiting);
    const decided = await Promise.all([decide(answers[0]!.body.id, "accept"), decide(rival.id, "accept")]);
    expect(decided.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 404]);
  });

  test("are for those who see the message: not for strangers, the timed out, the banned, bots, or other authors", async () => {
    const bot = new TestClient(server.url);
    const { token } = await ann.post<BotWithToken>("/api/bots", { username: `robot${people}` });
    bot.token = (await bot.post<Credentials>("/api/auth/bot", { token })).access_token;
    expect(await ask(bot)).toMatchObject({ status: 403 });
    const stranger = await TestClient.register(server.url, `stranger${people}`);
    expect(await ask(stranger)).toMatchObject(missing);
    expect(await new TestClient(server.url).request("GET", own)).toMatchObject({ status: 401 });
    const written = await bob.send(home.channels[0]!.id, "mine");
    expect(await ann.request("POST", own, { body: { message_id: written.id } })).toMatchObject(missing);
    expect(await ann.request("GET", queue)).toMatchObject({ status: 403 });
    expect(await decide(1, "accept", ann)).toMatchObject({ status: 403 });
    const asked = (await ask(ann)).body;
    await admin.put(`/api/servers/${home.id}/members/${bob.me.id}/timeout`, {
      until: new Date(Date.now() + 600_000).toISOString(),
    });
    expect(await ask(bob)).toMatchObject({ status: 403 });
    await admin.put(`/api/servers/${home.id}/bans/${ann.me.id}`);
    expect(await ask(ann, 1)).toMatchObject(missing);
    expect((await waiting()).some(({ id }) => id === asked.id)).toBe(false);
    expect(await decide(asked.id, "accept")).toMatchObject(missing);
  });
});
