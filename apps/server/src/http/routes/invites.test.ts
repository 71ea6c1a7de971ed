import { limits, type Invite, type ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, testConfig, type TestServer } from "../../testing/test-server.ts";

const dayMs = 86_400_000;
let server: TestServer;
let owner: TestClient;
let member: TestClient;
let stranger: TestClient;
const bus = new RecordingBus();
const clock = new ManualClock(Date.now());

beforeAll(async () => {
  server = await startTestServer({}, { bus, clock });
  owner = await TestClient.register(server.url, "owner");
  member = await TestClient.register(server.url, "member");
  stranger = await TestClient.register(server.url, "stranger");
});
afterAll(() => server.cleanup());

async function shared(): Promise<ServerState> {
  const home = await owner.createServer();
  await member.join(await owner.invite(home.id));
  return home;
}

const join = (code: string) => stranger.request("POST", `/api/invites/${code}`);
const create = (client: TestClient, serverId: number, body: Record<string, unknown> = {}) =>
  client.request<Invite>("POST", `/api/servers/${serverId}/invites`, { body });

describe("an invite", () => {
  test.each([
    ["was banned", (home: ServerState) => owner.put(`/api/servers/${home.id}/bans/${member.me.id}`)],
    ["was kicked", (home: ServerState) => owner.delete(`/api/servers/${home.id}/members/${member.me.id}`)],
    ["left", (home: ServerState) => member.post(`/api/servers/${home.id}/leave`)],
  ])("of a member who %s admits nobody and shows no preview, also after they are back", async (_name, remove) => {
    const home = await shared();
    const [code, kept] = [await member.invite(home.id), await owner.invite(home.id)];
    await remove(home);
    expect(await join(code)).toMatchObject({ status: 410, code: "invite_invalid" });
    expect(await stranger.request("GET", `/api/invites/${code}`)).toMatchObject({ status: 410 });
    await member.request("DELETE", `/api/servers/${home.id}/bans/${member.me.id}`);
    await owner.request("DELETE", `/api/servers/${home.id}/bans/${member.me.id}`);
    await member.join(kept);
    expect(await join(code)).toMatchObject({ status: 410 });
    const { invites } = await owner.get<{ invites: Invite[] }>(`/api/servers/${home.id}/invites`);
    expect(invites.map((invite) => invite.code)).not.toContain(code);
  });

  test("of a member who is timed out admits nobody until that is over", async () => {
    const home = await shared();
    const code = await member.invite(home.id);
    const timeOut = (until: string | null) =>
      owner.put(`/api/servers/${home.id}/members/${member.me.id}/timeout`, { until });
    await timeOut(new Date(clock.now() + 60_000).toISOString());
    expect((await create(member, home.id)).code).toBe("forbidden");
    expect(await join(code)).toMatchObject({ status: 410, code: "invite_invalid" });
    await timeOut(null);
    expect((await join(code)).status).toBe(200);
  });

  test.each([[null], [undefined], [31_536_000]])(
    "of a member who asks for %s seconds ends after 30 days, and one of the owner does as asked",
    async (expires_in) => {
      const home = await shared();
      const { body: invite } = await create(member, home.id, { expires_in });
      expect(Date.parse(invite.expires_at!)).toBe(clock.now() + 30 * dayMs);
      const { body: lasting } = await create(owner, home.id, { expires_in });
      const expected = expires_in ? new Date(clock.now() + expires_in * 1_000).toISOString() : null;
      expect(lasting.expires_at).toBe(expected);
      const { body: short } = await create(member, home.id, { expires_in: 60 });
      expect(Date.parse(short.expires_at!)).toBe(clock.now() + 60_000);
    },
  );
});

test("a member has a limited number of invites that can be used, the owner a larger one", async () => {
  const home = await shared();
  const codes: string[] = [];
  for (let made = 0; made < limits.invitesPerMember; made += 1) codes.push(await member.invite(home.id));
  expect(await create(member, home.id)).toMatchObject({ status: 422, code: "limit_reached" });
  await member.delete(`/api/invites/${codes[0]}`);
  expect(await create(member, home.id, { max_uses: 1 })).toMatchObject({ status: 201 });
  expect(await create(member, home.id)).toMatchObject({ code: "limit_reached" });
  for (let made = 0; made <= limits.invitesPerMember; made += 1) await owner.invite(home.id);
});

describe("invitations by name", () => {
  test("from one sender notify a person only as often as the sender's share of their budget", async () => {
    const { person, free } = await startLimited();
    try {
      const [sender, receiver] = [await person("sender"), await person("receiver")];
      const answers = [];
      for (let time = 0; time < 5; time += 1) {
        const home = await sender.createServer();
        answers.push((await create(sender, home.id, { username: "receiver" })).code);
      }
      expect(answers).toEqual([undefined, undefined, undefined, "rate_limited", "rate_limited"]);
      expect(await receiver.get("/api/notifications")).toMatchObject({ unread: 3 });
    } finally {
      await free();
    }
  });

  test("from many senders together notify a person only as often as that person's budget allows", async () => {
    const { person, free } = await startLimited();
    try {
      const receiver = await person("receiver");
      const answers = [];
      for (let index = 0; index < 12; index += 1) {
        const sender = await person(`sender${index}`);
        const home = await sender.createServer();
        answers.push((await create(sender, home.id, { username: "receiver" })).code);
      }
      expect(answers.filter((code) => code === "rate_limited")).toHaveLength(2);
      expect(await receiver.get("/api/notifications")).toMatchObject({ unread: 10 });
      const other = await person("other");
      const home = await other.createServer();
      await person("untouched");
      expect((await create(other, home.id, { username: "untouched" })).status).toBe(201);
    } finally {
      await free();
    }
  });

  async function startLimited() {
    const rates = { ...testConfig().rates, invitationsReceived: { perSecond: 10 / 3_600, burst: 10 } };
    const limited = await startTestServer({ rates });
    return {
      person: (name: string) => TestClient.register(limited.url, name),
      free: () => limited.cleanup(),
    };
  }
});
