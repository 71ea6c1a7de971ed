import type { ClientState } from "@miscord/client";
import type { MainEvent } from "@miscord/protocol";
import { t } from "i18next";
import { navigate } from "wouter/use-browser-location";
import { openDialog } from "../../core/dialog-store.ts";
import { paths } from "../../core/paths.ts";
import { loadTexts } from "../../i18n/index.ts";
import type { ToastMessage } from "../../ui/toast.tsx";

export type WorkEvent = Extract<MainEvent, { type: "reports_changed" | "author_claims_changed" }>;

/** Tells whoever decides about it that something waits for them, and whoever asked what was decided. */
export async function announceWork(
  event: WorkEvent,
  { servers }: ClientState,
  toast: (message: ToastMessage) => void,
): Promise<void> {
  await loadTexts("screens");
  const show = (title: string, onSelect: () => void) =>
    toast({ title, action: { label: t("notifications:show"), onSelect } });
  if (event.type === "author_claims_changed") {
    if (!event.news) return;
    const title = t(`imports:claims.news.${event.news}`);
    if (event.news === "asked") show(title, () => navigate(`${paths.instance}#import`));
    else toast({ title, ...(event.news === "accepted" && { tone: "success" }) });
    return;
  }
  const { server_id: serverId, is_new: isNew } = event;
  if (!isNew) return;
  if (serverId === null) return show(t("moderation:reports.arrivedHere"), () => navigate(`${paths.instance}#reports`));
  show(t("moderation:reports.arrived", { server: servers[serverId]?.name ?? "" }), () =>
    openDialog({ kind: "server-settings", serverId, tab: "reports" }),
  );
}
