import { createServer, type Server } from "node:http";
import { mkdtemp } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message, MonitorBands, MonitorIncidents, ServerState, WeekSummary } from "@miscord/protocol";
import { monitorIncidents } from "@miscord/protocol/schemas";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { modelToText } from "../../monitoring/analysis/model-text.ts";
import { learnDays, newWatch } from "../../monitoring/analysis/testing/learned-watch.ts";
import { keepAnalysis } from "../../store/queries/analysis.ts";
import { openSqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { eventually } from "../../testing/eventually.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

/** A week that has lasted since four days before `until`. */
async function keepRunningWeek(dataDir: string, until: number): Promise<void> {
  const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
  const since = until - 4 * 86_400;
  const running = { since, after_message: 0, people: 0, people_at: since, call_minutes: 0, call_people: 0 };
  await keepAnalysis(store.db, "weeks", JSON.stringify({ running, latest: null }));
  await store.close();
}

interface Posted {
  event: string;
  text: string;
  incident: { id: string };
  summary?: WeekSummary;
}

let receiver: Server;
let posted: Posted[];
let server: TestServer | undefined;

beforeEach(async () => {
  posted = [];
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      posted.push(JSON.parse(body) as Posted);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await server?.cleanup();
  receiver.close();
});

/** A data folder in which a community of hundreds has been watched for four days. */
async function learnedFolder(): Promise<{ dataDir: string; until: number }> {
  const { state, until } = learnDays(4, 9);
  const dataDir = await mkdtemp(join(tmpdir(), "miscord-incidents-"));
  const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
  await keepAnalysis(store.db, "model", await modelToText(newWatch(state)));
  await store.close();
  return { dataDir, until };
}

async function administrator(running: TestServer): Promise<TestClient> {
  const admin = await TestClient.register(running.url, "olga");
  await admin.post("/api/admin/claim", { claim_token: new URL(running.claimUrl!).hash.slice(1) });
  return admin;
}

test("an instance that nobody uses any more has one incident: on the dashboard, at the webhook, in the channel", async () => {
  const { dataDir, until } = await learnedFolder();
  const clock = new ManualClock((until + 20 * 3_600) * 1_000);
  const alertWebhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alerts`;
  // The clock runs ahead while the analysis works, farther on a busy machine.
  const accessTokenTtlMs = 86_400_000;
  const alerts = { alertWebhook, alertChannel: 1, alertLanguage: "ru" } as const;
  server = await startTestServer({ dataDir, accessTokenTtlMs, ...alerts }, { clock });
  const admin = await administrator(server);
  const { channels } = await admin.post<ServerState>("/api/servers", { name: "Home" });
  expect(channels[0]!.id).toBe(1);
  const report = () => admin.get<MonitorIncidents>("/api/monitor/incidents");
  expect(await report()).toMatchObject({ incidents: [], forecasts: [] });

  await vi.waitFor(
    async () => {
      clock.advance(30_000);
      expect(posted).toHaveLength(1);
    },
    { timeout: 60_000, interval: 20 },
  );
  const { incidents, learned_at: learnedAt } = monitorIncidents.parse(await report());
  expect(Date.parse(learnedAt!)).toBeLessThan(clock.now());
  const { id, departures } = incidents[0]!;
  expect(departures[0]).toMatchObject({ series: "connections", kind: "silence", direction: "below" });
  expect(posted[0]).toMatchObject({ event: "incident_start", incident: { id } });
  expect(posted[0]!.text).toMatch(/^Соединения: полная тишина с \d\d:\d\d UTC \(0, обычно \d+\); следом/);
  await eventually(async () => {
    const { messages } = await admin.get<{ messages: Message[] }>("/api/channels/1/messages");
    expect(messages.map(({ content }) => content)).toEqual([posted[0]!.text]);
  });
  const { series } = await admin.get<MonitorBands>("/api/monitor/bands?range=15m");
  expect(series.connections).toHaveLength(16);

  const path = `/api/monitor/incidents/${id}`;
  expect((await admin.request("PUT", path, { body: { verdict: "perhaps" } })).status).toBe(400);
  expect((await admin.request("PUT", "/api/monitor/incidents/x", { body: { verdict: "wrong" } })).status).toBe(404);
  const judged = await admin.request("PUT", path, { body: { verdict: "expected" } });
  expect(judged.status).toBe(204);
  // Figures that were not part of it may begin an incident of their own meanwhile.
  const judgement = async (client: TestClient) => {
    const { incidents: found } = await client.get<MonitorIncidents>("/api/monitor/incidents");
    return found.find((incident) => incident.id === id)?.verdict;
  };
  await eventually(async () => expect(await judgement(admin)).toBe("expected"));

  await server.restart();
  const again = await TestClient.logIn(server.url, "olga");
  await eventually(async () => expect(await judgement(again)).toBe("expected"));
});

test("the week is told in the channel and to the webhook with what the database knows, and shown to administrators", async () => {
  const { dataDir, until } = await learnedFolder();
  // A Monday, five minutes before nine.
  const clock = new ManualClock((until + (9 * 60 - 5) * 60) * 1_000);
  await keepRunningWeek(dataDir, until);
  const alertWebhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alerts`;
  const weeklySummary = { day: 1, minute: 9 * 60, isTold: true };
  const alerts = { alertWebhook, alertChannel: 1, weeklySummary } as const;
  server = await startTestServer({ dataDir, accessTokenTtlMs: 86_400_000, ...alerts }, { clock });
  const admin = await administrator(server);
  await admin.post<ServerState>("/api/servers", { name: "Home" });
  await admin.post("/api/channels/1/messages", { content: "hello" });
  const told = () => posted.filter(({ event }) => event === "weekly_summary");
  await vi.waitFor(
    async () => {
      clock.advance(30_000);
      expect(told()).toHaveLength(1);
    },
    { timeout: 60_000, interval: 20 },
  );
  const [{ text, summary }] = told() as [Posted];
  expect(summary).toMatchObject({ accounts: 1 });
  expect(text).toContain("\nPeople: 1 were here, ");
  const { week } = monitorIncidents.parse(await admin.get("/api/monitor/incidents"));
  expect(week).toEqual(summary);
  await eventually(async () => {
    const { messages } = await admin.get<{ messages: Message[] }>("/api/channels/1/messages");
    // On a busy machine an alert comes too, before the summary or between its figures and its message.
    expect(messages.filter(({ content }) => content === text)).toHaveLength(1);
  });
  const stranger = await TestClient.register(server.url, "mallory");
  expect((await stranger.request("GET", "/api/monitor/incidents")).status).toBe(403);
});
