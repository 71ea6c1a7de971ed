import type { MonitorIncident, PushPayload } from "@miscord/protocol";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { alertSinks } from "./alert-sinks.ts";
import { DueWork } from "./domain/due-work/due-work.ts";
import { startMailing } from "./domain/mail/send-mails.ts";
import type { Mail } from "./domain/ports.ts";
import { Pusher } from "./domain/push/pusher.ts";
import { createAnnouncer } from "./monitoring/analysis/announcer.ts";
import type { Announcement } from "./monitoring/analysis/incident-log.ts";
import { describedSeries } from "./monitoring/analysis/words.ts";
import { RealtimeWorld, type TestPerson } from "./testing/realtime-world.ts";
import { subscribeDevice } from "./testing/subscribe-device.ts";

let world: RealtimeWorld;
let admin: TestPerson;
let pushed: { endpoint: string; payload: PushPayload }[];
let mailed: Mail[];

beforeAll(async () => {
  world = await RealtimeWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  pushed = [];
  mailed = [];
  admin = await world.person("admin");
  const address = { email: `${admin.name}@example.org`, email_key: `${admin.name}@example.org`, locale: "ru" };
  await setUser(admin, { is_admin: 1, ...address });
  const stranger = await world.person("stranger");
  await setUser(stranger, { email: "stranger@example.org", email_key: "stranger@example.org" });
  await subscribeDevice(world, stranger, { endpoint: `https://push.example/${stranger.name}` });
  await subscribeDevice(world, admin, { endpoint: `https://push.example/${admin.name}` });
});

function setUser({ id }: TestPerson, change: Record<string, string | number | null>) {
  return world.store.db.updateTable("users").set(change).where("id", "=", id).execute();
}

const incident = (changes: Partial<MonitorIncident>): MonitorIncident => ({
  id: "one",
  started_at: "2026-11-29T21:04:00.000Z",
  ended_at: null,
  departures: [
    {
      series: "cpu",
      ...describedSeries("cpu"),
      kind: "spike",
      direction: "above",
      since: "2026-11-29T21:04:00.000Z",
      value: 0.9,
      expected: 0.3,
      worst: { value: 0.9, expected: 0.3, spreads: 9 },
      sure: 1,
      every_minutes: null,
      node: null,
      alone: false,
    },
  ],
  coincidences: [],
  verdict: null,
  returns: 0,
  // Told anew from the departures.
  sentence: { en: "", ru: "" },
  ...changes,
});

async function announce(alertAdmins: ("mail" | "push")[], announcement: Announcement): Promise<void> {
  const sinks = alertSinks({ alertAdmins, alertWebhook: undefined, alertChannel: undefined }, world.context);
  const sending = sinks.map((sink) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return {
      sink: { ...sink, send: (...given: Parameters<typeof sink.send>) => sink.send(...given).then(resolve) },
      promise,
    };
  });
  createAnnouncer({ sinks: sending.map(({ sink }) => sink), language: "en", logger: pino({ level: "silent" }) })(
    announcement,
  );
  await Promise.all(sending.map(({ promise }) => promise));
}

async function deliver(): Promise<void> {
  const push = {
    publicKey: "",
    check: () => Promise.resolve(),
    send: ({ endpoint }: { endpoint: string }, text: string) => {
      pushed.push({ endpoint, payload: JSON.parse(text) as PushPayload });
      return Promise.resolve(201);
    },
  };
  const fail = (error: unknown) => {
    throw error;
  };
  await new Pusher({ ...world.context, push }, fail).run();
  const mailer = { send: (mail: Mail) => Promise.resolve(void mailed.push(mail)) };
  const mail = {
    mailer,
    from: "m@example.org",
    publicUrl: "https://chat.example.org",
    instanceName: "Ours",
    locale: "en",
  };
  const due = new DueWork(world.context, fail);
  startMailing({ ...world.context, mail: mail as never }, due, { onError: fail, onRefused: fail });
  await expect
    .poll(async () => {
      world.clock.advance(1_000);
      return await world.store.db.selectFrom("mails").select("id").execute();
    })
    .toEqual([]);
  due.stop();
}

test("administrators, and nobody else, are told by push and mail in their own language, once for the start and once for the end", async () => {
  await announce(["mail", "push"], { event: "start", incident: incident({}) });
  await deliver();
  const mine = () => pushed.filter(({ endpoint }) => endpoint.endsWith(admin.name)).map(({ payload }) => payload);
  expect(mine()).toMatchObject([
    {
      type: "ring",
      tag: "alert-one",
      title: "Incident",
      body: "CPU: 3 times the usual since 21:04 UTC (90\u00A0%, usually 30\u00A0%).",
      path: "/monitor/incidents/one",
      actions: [],
    },
  ]);
  expect(pushed.some(({ endpoint }) => endpoint.includes("stranger"))).toBe(false);
  expect(mailed.map(({ to }) => to)).toEqual([`${admin.name}@example.org`]);
  expect(mailed[0]!.subject).toBe("Инцидент · Ours");
  expect(mailed[0]!.text).toContain("Процессор: в 3 раза больше обычного с 21:04 UTC");
  expect(mailed[0]!.text).toContain("https://chat.example.org/monitor/incidents/one");

  await announce(["mail", "push"], { event: "end", incident: incident({ ended_at: "2026-11-29T21:20:00.000Z" }) });
  await deliver();
  expect(mine()[1]).toMatchObject({ tag: "alert-one", title: "Incident over" });
  expect(mailed).toHaveLength(2);
  await deliver();
  expect([mine().length, mailed.length]).toEqual([2, 2]);
  expect(await world.store.db.selectFrom("pushes").select("id").execute()).toEqual([]);
});

test("an administrator who looks at the application, which does not tell of incidents, is told by push as well", async () => {
  const looksAway = world.context.attention.attend(admin.id);
  await announce(["push"], { event: "start", incident: incident({ id: "seen" }) });
  await deliver();
  looksAway();
  const mine = pushed.filter(({ endpoint }) => endpoint.endsWith(admin.name));
  expect(mine.map(({ payload }) => payload)).toMatchObject([{ tag: "alert-seen", always: true }]);
});

test("an administrator without the second factor that the instance requires does not count as one", async () => {
  const required = { name: "admin_factor", value: '"required"' };
  const told = () => [pushed.filter(({ endpoint }) => endpoint.endsWith(admin.name)).length, mailed.length];
  await announce(["mail", "push"], { event: "start", incident: incident({ id: "three" }) });
  await world.store.db.insertInto("instance_settings").values(required).execute();
  await deliver();
  expect(told()).toEqual([0, 0]);
  await announce(["mail", "push"], { event: "start", incident: incident({ id: "four" }) });
  await world.store.db.deleteFrom("instance_settings").where("name", "=", "admin_factor").execute();
  await deliver();
  expect(told()).toEqual([0, 0]);
});

test("whoever administers the instance no longer by then is not told, and the week is no push", async () => {
  await announce(["mail", "push"], { event: "start", incident: incident({ id: "two" }) });
  const summary = { until: "2026-11-30T09:00:00.000Z", text: { en: "The week.\nQuiet.", ru: "Неделя.\nТихо." } };
  await announce(["mail", "push"], { event: "week", summary: summary as never });
  await setUser(admin, { is_admin: 0 });
  await world.store.db.updateTable("users").set({ is_admin: 0 }).execute();
  await deliver();
  expect([pushed, mailed]).toEqual([[], []]);
  await setUser(admin, { is_admin: 1 });
  await announce(["push"], { event: "week", summary: summary as never });
  await announce(["mail"], { event: "week", summary: summary as never });
  await deliver();
  expect(pushed).toEqual([]);
  expect(mailed[0]!.text).toContain("Неделя.\n\nТихо.");
});
