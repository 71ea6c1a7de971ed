/** The settings dialog's panel about notifications. */
export function NotificationSettings() {
  return null;
}
