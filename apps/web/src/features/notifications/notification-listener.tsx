/** Mounted once while logged in: toasts, browser notifications and sounds for what arrives. */
export function NotificationListener() {
  return null;
}
