import { desktopShell } from "../../core/desktop-shell.ts";

export type Permission = NotificationPermission | "unsupported";

/**
 * The permission for desktop notifications. They are shown by the service worker, as all browsers support that; it
 * exists in secure contexts only. A desktop shell shows them itself.
 */
export function desktopPermission(): Permission {
  if (desktopShell()) return "granted";
  return "Notification" in globalThis && "serviceWorker" in navigator ? Notification.permission : "unsupported";
}

/** Asks for the permission. To be called in a click handler. */
export async function askForDesktop(): Promise<Permission> {
  return desktopPermission() === "unsupported" ? "unsupported" : Notification.requestPermission();
}

export interface DesktopNotification {
  /** Replaces the one that is shown with the same tag. */
  tag: string;
  title: string;
  body: string;
  /** Address that a click on the notification opens. */
  path: string;
}

export const notificationTag = (id: number) => `notification-${id}`;
export const channelTag = (channelId: number) => `channel-${channelId}`;

export async function showDesktop({ tag, title, body, path }: DesktopNotification): Promise<void> {
  if (desktopPermission() !== "granted") return;
  const shell = desktopShell();
  if (shell) return shell.notify({ tag, title, body, path });
  const registration = await navigator.serviceWorker.getRegistration();
  // Silent, since the page plays the sound and one switch must turn it off.
  const options = { body, tag, icon: "/icons/icon-192.png", silent: true, data: { path } };
  // A system without a service for notifications refuses. The inbox has it all the same.
  await registration?.showNotification(title, options).catch(() => undefined);
}

/** Closes desktop notifications that were read here or elsewhere, by their tags. `null` means all. */
export async function closeDesktop(closed: readonly string[] | null): Promise<void> {
  if (desktopPermission() !== "granted") return;
  const shell = desktopShell();
  if (shell) return shell.closeNotifications(closed);
  const registration = await navigator.serviceWorker.getRegistration();
  const tags = closed && new Set(closed);
  const shown = (await registration?.getNotifications()) ?? [];
  for (const notification of shown) if (tags?.has(notification.tag) ?? true) notification.close();
}

/**
 * Calls `open` with the notification's path when one is clicked while this page is open, and `subscribe` when the browser
 * has dropped its subscription to pushes. Returns a function that stops listening.
 */
export function onWorkerMessage(open: (path: string) => void, subscribe: () => void): () => void {
  const workers = "serviceWorker" in navigator ? navigator.serviceWorker : null;
  const listen = ({ data }: MessageEvent<{ type?: string; path?: string }>) => {
    if (data.type === "open" && data.path) open(data.path);
    if (data.type === "subscribe") subscribe();
  };
  workers?.addEventListener("message", listen);
  const unlisten = desktopShell()?.onOpen(open);
  return () => {
    workers?.removeEventListener("message", listen);
    unlisten?.();
  };
}
