import { createClient, monitorCalls, type MiscordClient } from "@miscord/client";
import type { MonitorSample, ServerMetrics } from "@miscord/protocol";
import type { Locator } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { claimInstance, logIn, openOwnMenu } from "../harness/actions/accounts.ts";
import { phone } from "../harness/browser.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const crowd: MiscordClient[] = [];
afterEach(() => {
  for (const client of crowd.splice(0)) client.close();
});

async function metrics(): Promise<ServerMetrics> {
  return (await (await fetch(`${world.server.url}/metrics`)).json()) as ServerMetrics;
}

async function administrator(): Promise<Person> {
  const operator = await world.person("Olga");
  await claimInstance(operator, world.server.output());
  await operator.open();
  return operator;
}

async function openMonitor(person: Person): Promise<void> {
  await openOwnMenu(person);
  await person.page.getByRole("menuitem", { name: person.t("settings:monitor") }).click();
  await figure(person, "connections").waitFor();
}

type Chart = "connections" | "messages" | "latency" | "security";

function figure(person: Person, chart: Chart): Locator {
  return person.page.getByRole("figure", { name: person.t(`monitor:chart.${chart}`), exact: true });
}

/** A number of the dashboard as it is displayed. */
async function shown(entry: Locator): Promise<number> {
  const text = (await entry.innerText()).replaceAll(/[\s ]/g, "").replace(",", ".");
  return Number(/^[\d.]+/.exec(text)?.[0]);
}

function tile(person: Person, name: "connections" | "latency"): Locator {
  return person.page
    .locator("dl > div", { hasText: person.t(`monitor:tile.${name}`) })
    .locator("dd")
    .first();
}

function legend(person: Person, chart: Chart, series: "main" | "sent" | "auth"): Locator {
  return figure(person, chart)
    .locator("dl > div", { hasText: person.t(`monitor:series.${series}`) })
    .locator("dd span[aria-hidden]");
}

const databaseSpeed = /Database: [\d.]+ ms/;
const people = 6;
const messagesEach = 30;

/** Clients that all write in one channel, and requests with an invalid token. */
async function makeLoad(operator: Person): Promise<void> {
  const { url } = world.server;
  const { id, channels } = await operator.rest.createServer({ name: "Busy" });
  const { code } = await operator.rest.createInvite(id);
  const channelId = channels.find(({ type }) => type === "text")!.id;
  for (let i = 0; i < people; i += 1) {
    const client = createClient({ baseUrl: url, locks: null });
    crowd.push(client);
    const username = `crowd_${Date.now()}_${i}`;
    await client.register({ username, email: `${username}@example.org`, password: "correct horse battery" });
    await client.rest.joinInvite(code);
    await client.openChannel(channelId);
  }
  for (let i = 0; i < messagesEach; i += 1) {
    for (const client of crowd) client.sendMessage(channelId, { content: `message ${i}` });
  }
  const headers = { authorization: "Bearer nonsense" };
  await Promise.all(Array.from({ length: 30 }, () => fetch(`${url}/api/auth/me`, { headers })));
  const written = people * messagesEach;
  await expect.poll(async () => (await operator.rest.listMessages(channelId)).seq, { timeout: 60_000 }).toBe(written);
}

function sum(samples: readonly MonitorSample[], name: "messages_sent" | "messages_received" | "bytes_sent"): number {
  return samples.reduce((total, sample) => total + sample[name], 0);
}

test(
  "the monitor shows an administrator the same numbers as /metrics, and keeps its history over a restart",
  { timeout: 400_000 },
  async () => {
    const operator = await administrator();
    const { t, page } = operator;
    await openMonitor(operator);
    await page.getByText(databaseSpeed).waitFor();
    const { nodes } = await monitorCalls(operator.rest).overview();
    const dependencies = page.getByRole("heading", { name: t("monitor:dependencies.both") });
    expect(await dependencies.count()).toBe(nodes.length > 1 ? 1 : 0);
    await makeLoad(operator);

    await expect
      .poll(async () => {
        const { main_websocket: main, voice_websocket: voice } = await metrics();
        return (await shown(tile(operator, "connections"))) - main.total_connections - voice.total_connections;
      })
      .toBe(0);
    expect((await metrics()).main_websocket.total_connections).toBeGreaterThan(people);
    await expect
      .poll(
        async () =>
          (await shown(legend(operator, "connections", "main"))) - (await metrics()).main_websocket.total_connections,
      )
      .toBe(0);
    // The page polls, so it shows what /metrics said a moment ago.
    const latenciesMs: number[] = [];
    await expect
      .poll(async () => {
        latenciesMs.push((await metrics()).main_websocket.latency_p99 * 1_000);
        const shownMs = await shown(tile(operator, "latency"));
        return Math.min(...latenciesMs.map((latencyMs) => Math.abs(shownMs - latencyMs)));
      })
      .toBeLessThanOrEqual(0.5);

    const before = await metrics();
    const countedAt = Date.now() / 1_000;
    const latest = async () => (await monitorCalls(operator.rest).history("1h")).samples.at(-1)!.at;
    await expect.poll(latest, { timeout: 60_000 }).toBeGreaterThan(countedAt);
    const { samples } = await monitorCalls(operator.rest).history("1h");
    const after = await metrics();
    for (const name of ["messages_sent", "messages_received", "bytes_sent"] as const) {
      expect(sum(samples, name)).toBeLessThanOrEqual(after.main_websocket[name]);
      expect(sum(samples, name)).toBeGreaterThanOrEqual(before.main_websocket[name]);
    }
    expect(sum(samples, "messages_sent")).toBeGreaterThanOrEqual(people * people * messagesEach);

    const row = page.getByRole("row", { name: /127\.0\.0\.1|::/ });
    await expect.poll(async () => Number(await row.getByRole("cell").first().innerText())).toBeGreaterThanOrEqual(30);
    await row.getByText(t("monitor:security.suspicious")).waitFor();

    await operator.button(t("monitor:table.show", { chart: t("monitor:chart.messages") })).click();
    const cells = figure(operator, "messages").getByRole("row").nth(1).getByRole("cell");
    await expect.poll(() => shown(cells.first())).toBeGreaterThan(0);
    await expectAccessible(page);

    operator.problems.allowOutage();
    expect(await world.server.stop()).toBe(0);
    await page.getByText(t("common:error.unavailable")).waitFor();
    await world.server.start();
    await page.getByText(t("common:error.unavailable")).waitFor({ state: "detached" });
    const { samples: remembered } = await monitorCalls(operator.rest).history("24h");
    expect(sum(remembered, "messages_sent")).toBeGreaterThanOrEqual(people * people * messagesEach);
    await row.waitFor();

    const atHome = await world.secondBrowser(operator, { locale: "ru", viewport: phone, theme: "light" });
    await atHome.open("/login?next=/monitor");
    await logIn(atHome);
    await figure(atHome, "latency").waitFor();
    await atHome.page.getByRole("radio", { name: atHome.t("monitor:range.24h") }).click();
    await figure(atHome, "latency")
      .or(atHome.page.getByText(atHome.t("monitor:empty.24h")))
      .waitFor();
    await expectAccessible(atHome.page);
  },
);

test("the monitor is neither shown nor served to users who are not administrators", async () => {
  const anna = await world.person("Anna");
  await anna.open();
  await openOwnMenu(anna);
  await anna.page.getByRole("menuitem", { name: anna.t("settings:logout") }).waitFor();
  expect(await anna.page.getByRole("menuitem", { name: anna.t("settings:monitor") }).count()).toBe(0);
  await anna.open("/monitor");
  await anna.page.getByRole("heading", { name: anna.t("common:notFound.heading") }).waitFor();
  await expect(monitorCalls(anna.rest).overview()).rejects.toMatchObject({ code: "forbidden" });
});
