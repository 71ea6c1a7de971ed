import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { Button } from "../../ui/button.tsx";
import { askForDesktop, desktopPermission } from "./desktop-notifications.ts";
import { changeNotificationPreferences, useNotificationPreferences } from "./notification-preferences.ts";

/** Offers desktop notifications once, in the inbox. The browser asks for its permission only after the user accepts. */
export function DesktopOffer() {
  const { t } = useTranslation("notifications");
  const isOpen = useNotificationPreferences(({ desktop, wasAsked }) => !desktop && !wasAsked);
  const [permission, setPermission] = useState(desktopPermission);
  const client = useClient();
  if (!isOpen || permission === "denied" || permission === "unsupported") return null;
  async function accept(): Promise<void> {
    const answer = await askForDesktop();
    setPermission(answer);
    changeNotificationPreferences({ wasAsked: true, desktop: answer === "granted" });
    if (answer === "granted")
      await import("./push/subscribe.ts").then(({ subscribe }) => subscribe(client)).catch(() => {});
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-accent-soft px-4 py-2.5 text-sm">
      <p className="min-w-48 flex-1">{t("offer.text")}</p>
      <span className="flex gap-1.5">
        <Button size="sm" variant="primary" onClick={() => void accept()}>
          {t("offer.accept")}
        </Button>
        <Button size="sm" variant="ghost" onClick={() => changeNotificationPreferences({ wasAsked: true })}>
          {t("offer.decline")}
        </Button>
      </span>
    </div>
  );
}
