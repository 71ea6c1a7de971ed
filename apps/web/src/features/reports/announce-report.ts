import { t } from "i18next";
import { navigate } from "wouter/use-browser-location";
import { openDialog } from "../../core/dialog-store.ts";
import { paths } from "../../core/paths.ts";
import { loadTexts } from "../../i18n/index.ts";
import type { ToastMessage } from "../../ui/toast.tsx";

/** Tells a moderator that something was reported. */
export async function announceReport(
  serverId: number | null,
  serverName: string,
  toast: (message: ToastMessage) => void,
): Promise<void> {
  await loadTexts("screens");
  const title = t(serverId === null ? "moderation:reports.arrivedHere" : "moderation:reports.arrived", {
    server: serverName,
  });
  const onSelect = () =>
    serverId === null
      ? navigate(`${paths.instance}#reports`)
      : openDialog({ kind: "server-settings", serverId, tab: "reports" });
  toast({ title, action: { label: t("notifications:show"), onSelect } });
}
