import type { PushState } from "@miscord/protocol";
import type { Browser, Worker } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestPushService, type TestBrowser } from "../../apps/server/src/testing/push-service.ts";
import { startTestServer, type TestServer } from "../../apps/server/src/testing/test-server.ts";
import { logOut, openSettings } from "../harness/actions/accounts.ts";
import { launchBrowser } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { Person, type PersonOptions } from "../harness/person.ts";

let service: TestPushService;
let server: TestServer;
let chromium: Browser;

beforeAll(async () => {
  service = await TestPushService.start();
  [server, chromium] = await Promise.all([startTestServer({}, { push: service.rules }), launchBrowser()]);
});
afterAll(async () => {
  await chromium.close();
  await server.cleanup();
  await service.close();
});

async function arrive(name: string, options: PersonOptions = {}): Promise<Person> {
  const place = { browser: () => Promise.resolve(chromium), url: server.url };
  const person = await Person.open(place, name, name.toLowerCase(), options);
  await person.registerQuickly();
  return person;
}

/** The browser's push service in place of its vendor's, which no test reaches. */
interface Device {
  /** The present subscription; null: the browser has none. */
  subscribed: TestBrowser | null;
}

/**
 * Lets the person's browser subscribe at the test's service. What the service decrypts is handed to the real service worker,
 * as the browser's own service would.
 */
async function usePushService({ context, page, url }: Person): Promise<Device> {
  const device: Device = { subscribed: null };
  const devtools = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      for (const { registrationId } of registrations) resolve(registrationId);
    });
  });
  await devtools.send("ServiceWorker.enable");
  await context.exposeFunction("pushSubscription", () => device.subscribed?.subscription ?? null);
  await context.exposeFunction("pushUnsubscribe", () => void (device.subscribed = null));
  await context.exposeFunction("pushSubscribe", (key: string) => {
    service.publicKey = key;
    const browser = service.browser();
    browser.onReceived = async () => {
      const data = JSON.stringify(browser.received.at(-1));
      const registrationId = await registered;
      await devtools.send("ServiceWorker.deliverPushMessage", { origin: url, registrationId, data });
    };
    device.subscribed = browser;
    return browser.subscription;
  });
  await context.addInitScript(replacePushManager);
  return device;
}

/** Runs in the page. */
function replacePushManager(): void {
  type Told = TestBrowser["subscription"] | null;
  const outside = globalThis as unknown as {
    pushSubscription(): Promise<Told>;
    pushSubscribe(key: string): Promise<Told>;
    pushUnsubscribe(): Promise<void>;
  };
  let applicationServerKey: ArrayBuffer | undefined;
  const wrapped = (told: Told) =>
    told && {
      ...told,
      options: { applicationServerKey },
      toJSON: () => told,
      unsubscribe: () => outside.pushUnsubscribe(),
    };
  Object.assign(PushManager.prototype, {
    getSubscription: async () => wrapped(await outside.pushSubscription()),
    subscribe({ applicationServerKey: key }: { applicationServerKey: string }) {
      const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
      applicationServerKey = Uint8Array.from(text, (letter) => letter.codePointAt(0)!).buffer;
      return outside.pushSubscribe(key).then(wrapped);
    },
  });
}

interface Recorded {
  registration: ServiceWorkerRegistration;
  log: string[];
}

/** From now on, every notification that the worker shows or closes, as Chromium removes them by itself after some seconds. */
const record = (worker: Worker) =>
  worker.evaluate(() => {
    const scope = globalThis as unknown as Recorded;
    scope.log = [];
    const { registration } = scope;
    const show = registration.showNotification.bind(registration);
    registration.showNotification = (title, options) => {
      scope.log.push(`${title}: ${options?.body}`);
      return show(title, options);
    };
  });
const shown = (worker: Worker) => worker.evaluate(() => (globalThis as unknown as Recorded).log);

test("a mention reaches a browser without an open page, rings once, and is closed when it is read elsewhere", async () => {
  const anna = await arrive("Anna");
  const boris = await arrive("Boris", { context: { permissions: ["notifications"] } });
  const home = await anna.rest.createServer({ name: "Home", locale: "en" });
  await boris.rest.joinInvite((await anna.rest.createInvite(home.id)).code);
  const generalId = home.channels[0]!.id;
  const { page, t } = boris;
  const device = await usePushService(boris);

  await boris.open();
  await openSettings(boris, "notifications");
  await boris.field(t("notifications:push.device")).click();
  const devices = page.getByRole("list", { name: t("notifications:push.devices") });
  await devices.getByText(t("notifications:push.state.new")).waitFor();
  const worker = boris.context.serviceWorkers()[0]!;
  await record(worker);
  await boris.button(t("notifications:push.test")).click();
  await devices.getByText(t("notifications:push.state.tested")).waitFor();
  await expectAccessible(page);
  await boris.field(t("notifications:settings.desktop")).click();
  await expect.poll(() => shown(worker)).toEqual(["Miscord: Notifications reach this device."]);

  // What is read on the page does not ring.
  await page.keyboard.press("Escape");
  await anna.rest.createMessage(generalId, { content: `@${boris.username} you see this` });
  await expect.poll(async () => (await boris.rest.listNotifications()).notifications[0]?.is_read).toBe(true);
  await page.goto("about:blank");
  const rings = () => device.subscribed!.received.filter(({ type, tag }) => type === "ring" && tag !== "test");
  // The server learns a moment later that nobody looks any more.
  await expect
    .poll(
      async () => {
        await anna.rest.createMessage(generalId, { content: `@${boris.username} come back` });
        return rings().length;
      },
      { interval: 1_000 },
    )
    .toBeGreaterThan(0);
  const mention = `${t("notifications:kind.mention", { author: "Anna", channel: "#general" })}: @boris come back`;
  await expect.poll(() => shown(worker)).toContain(mention);

  const { seq } = await boris.rest.listMessages(generalId);
  await boris.rest.markRead(generalId, seq);
  await expect.poll(() => device.subscribed!.received.at(-1)).toMatchObject({ type: "close", badge: 0 });
  // The same push again, as after a node was killed between sending and noting it: the next one finds it alone.
  const before = await shown(worker);
  const rung = rings().at(-1)!;
  for (const payload of [rung, { ...rung, tag: "channel-0", title: "Next", body: "one" }]) {
    device.subscribed!.received.push(payload);
    await device.subscribed!.onReceived();
  }
  await expect.poll(() => shown(worker)).toEqual([...before, "Next: one"]);

  // A browser that has dropped its subscription has another one after the next start.
  const former = device.subscribed!;
  device.subscribed = null;
  await boris.open();
  await expect.poll(() => device.subscribed?.subscription.endpoint).toBeDefined();
  const endpoint = () => device.subscribed!.subscription.endpoint;
  expect(endpoint()).not.toBe(former.subscription.endpoint);
  const listed = async () => (await boris.rest.call<PushState>("GET", "/api/push")).devices.length;
  await expect.poll(listed).toBe(1);

  // Nothing arrives there, so the page notifies in the background. With the logout the subscription goes.
  device.subscribed!.answer = 503;
  await page.evaluate(async () => {
    const titles: string[] = [];
    Object.assign(globalThis, { titles });
    const registration = await navigator.serviceWorker.ready;
    const show = registration.showNotification.bind(registration);
    registration.showNotification = (title, options) => {
      titles.push(`${title}: ${options?.body}`);
      return show(title, options);
    };
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await anna.rest.createMessage(generalId, { content: `@${boris.username} in the background` });
  const byPage = () => page.evaluate(() => (globalThis as unknown as { titles: string[] }).titles);
  await expect.poll(byPage).toEqual([mention.replace("come back", "in the background")]);
  await logOut(boris);
  await expect.poll(() => device.subscribed).toBeNull();
  expect([...anna.problems.takeUnexpected(), ...boris.problems.takeUnexpected()]).toEqual([]);
});
