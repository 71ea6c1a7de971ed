export type Permission = NotificationPermission | "unsupported";

/** Shown through the service worker, the one way that every browser has; it exists in secure contexts only. */
export function desktopPermission(): Permission {
  return "Notification" in globalThis && "serviceWorker" in navigator ? Notification.permission : "unsupported";
}

/** To be called in answer to a click. */
export async function askForDesktop(): Promise<Permission> {
  return desktopPermission() === "unsupported" ? "unsupported" : Notification.requestPermission();
}

export interface DesktopNotification {
  id: number;
  title: string;
  body: string;
  /** Where a click on it leads. */
  path: string;
}

const tagOf = (id: number) => `notification-${id}`;

export async function showDesktop({ id, title, body, path }: DesktopNotification): Promise<void> {
  if (desktopPermission() !== "granted") return;
  const registration = await navigator.serviceWorker.getRegistration();
  // The page makes the sound, so that one switch turns it off.
  const options = { body, tag: tagOf(id), icon: "/icons/icon-192.png", silent: true, data: { path } };
  await registration?.showNotification(title, options);
}

/** What was read meanwhile, here or elsewhere, is no news. `null` means all. */
export async function closeDesktop(ids: readonly number[] | null): Promise<void> {
  if (desktopPermission() !== "granted") return;
  const registration = await navigator.serviceWorker.getRegistration();
  const tags = ids && new Set(ids.map(tagOf));
  const shown = (await registration?.getNotifications()) ?? [];
  for (const notification of shown) if (tags?.has(notification.tag) ?? true) notification.close();
}

/** A click on one, while this page is open. Returns the way to stop listening. */
export function onDesktopClick(open: (path: string) => void): () => void {
  const workers = "serviceWorker" in navigator ? navigator.serviceWorker : null;
  const listen = ({ data }: MessageEvent<{ type?: string; path?: string }>) => {
    if (data.type === "open" && data.path) open(data.path);
  };
  workers?.addEventListener("message", listen);
  return () => workers?.removeEventListener("message", listen);
}
