import type { MiscordClient } from "@miscord/client";
import type { PushState, PushSubscriptionBody } from "@miscord/protocol";
import i18next from "i18next";
import { getsPushes, markPushes } from "../../../core/push-mark.ts";
import { stored } from "../../../core/stored.ts";
import { closeDesktop } from "../desktop-notifications.ts";
import { notificationKinds, useNotificationPreferences } from "../notification-preferences.ts";

type Rest = Pick<MiscordClient, "rest">;

/** `install`: this phone takes pushes for an installed page only. */
export type PushSupport = NotificationPermission | "unsupported" | "install";

const textKey = "push-text";

export function pushSupport(): PushSupport {
  if ("PushManager" in globalThis && "Notification" in globalThis && "serviceWorker" in navigator) {
    return Notification.permission;
  }
  return isApplePhone() && !isInstalled() ? "install" : "unsupported";
}

export function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches;
}

export function isApplePhone(): boolean {
  // An iPad says that it is a Mac; no Mac has a touch screen.
  return (
    /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
  );
}

export function isPhone(): boolean {
  return isApplePhone() || /Android/.test(navigator.userAgent);
}

/** Whether notifications on this device show the text of messages. */
export const showsText = () => stored.get(textKey) !== "no";

export const loadPushState = ({ rest }: Rest) => rest.call<PushState>("GET", "/api/push");
export const testPushes = ({ rest }: Rest) => rest.call<PushState>("POST", "/api/push/test");

/** For so long the server's word on whether pushes arrive is believed. */
const believedMs = 60_000;
let arriving: { at: number; is: Promise<boolean> } | null = null;

/**
 * Whether the push service took the latest push for this browser, which the page then leaves to it. Until then, when the
 * server lost the subscription, or when nobody knows, the page notifies by itself.
 */
export function arePushesArriving(client: Rest): Promise<boolean> {
  if (pushSupport() !== "granted") return Promise.resolve(false);
  if (!arriving || performance.now() - arriving.at > believedMs) {
    const is = loadPushState(client).then(
      ({ devices }) => devices.some((device) => device.is_current && device.state === "working"),
      () => false,
    );
    arriving = { at: performance.now(), is };
  }
  return arriving.is;
}

/** After a logout: what is shown on this device, and may be read by others, goes, and nothing more arrives. */
export async function leavePushes(): Promise<void> {
  arriving = null;
  await Promise.all([closeDesktop(null), dropSubscription()]);
}

async function dropSubscription(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

/** Subscribes this browser, for which the permission must be there, and tells the server. */
export async function subscribe(client: Rest): Promise<PushState> {
  // `ready` would wait for ever where the worker could not be registered.
  if (!(await navigator.serviceWorker.getRegistration())) throw new Error("There is no service worker.");
  const registration = await navigator.serviceWorker.ready;
  const { public_key: key } = await loadPushState(client);
  const subscription = await subscriptionWith(registration.pushManager, key);
  const { endpoint, keys } = subscription.toJSON() as Pick<PushSubscriptionBody, "endpoint" | "keys">;
  const { p256dh, auth } = keys;
  const preferences = useNotificationPreferences.getState();
  const body: PushSubscriptionBody = {
    endpoint,
    keys: { p256dh, auth },
    locale: i18next.resolvedLanguage === "ru" ? "ru" : "en",
    with_text: showsText(),
    kinds: notificationKinds.filter((kind) => preferences[kind]),
    is_mobile: isPhone(),
  };
  const state = await client.rest.call<PushState>("PUT", "/api/push/subscription", { body });
  markPushes(true);
  arriving = null;
  return state;
}

/** The present subscription if it is for this instance's key, otherwise a new one. */
async function subscriptionWith(manager: PushManager, key: string): Promise<PushSubscription> {
  const present = await manager.getSubscription();
  const presentKey = present?.options.applicationServerKey;
  if (present && presentKey && toBase64Url(presentKey) === key) return present;
  await present?.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function toBase64Url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCodePoint(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export async function unsubscribe(client: Rest): Promise<void> {
  markPushes(false);
  // First: whether or not the server hears of it, nothing arrives any more.
  await dropSubscription();
  await client.rest.call<void>("DELETE", "/api/push/subscription");
}

let latest: Promise<unknown> = Promise.resolve();

/**
 * If this browser gets pushes: subscribes again what it has dropped, or a session that is new, and tells the server of
 * changed preferences, one after another. Later starts try again.
 */
export function keepSubscription(client: Rest): Promise<unknown> {
  if (!getsPushes() || pushSupport() !== "granted") return Promise.resolve();
  return (latest = latest.then(() => subscribe(client)).catch(() => {}));
}

/** Tells the server of other preferences of this browser, if it gets pushes. */
export async function setShowsText(client: Rest, on: boolean): Promise<void> {
  stored.set(textKey, on ? "yes" : "no");
  await keepSubscription(client);
}
