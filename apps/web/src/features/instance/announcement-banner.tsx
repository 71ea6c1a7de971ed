import { Megaphone, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { stored } from "../../core/stored.ts";
import { IconButton } from "../../ui/icon-button.tsx";

const key = "announcement";

/** What the administrators tell everybody, above all pages until it is dismissed in this browser. */
export function AnnouncementBanner() {
  const { t } = useTranslation("instance");
  const announcement = useClientState((state) => state.announcement);
  const [dismissed, setDismissed] = useState(() => stored.get(key));
  if (!announcement || dismissed === String(announcement.id)) return null;
  const dismiss = () => {
    stored.set(key, String(announcement.id));
    setDismissed(String(announcement.id));
  };
  return (
    <aside
      aria-label={t("announcement.title")}
      className="flex items-center gap-2.5 border-b border-line bg-raised py-1 pl-4 pr-2 text-sm pt-[max(0.25rem,env(safe-area-inset-top))]"
    >
      <Megaphone size={16} aria-hidden className="shrink-0 text-link" />
      <p role="status" dir="auto" className="max-h-24 min-w-0 flex-1 overflow-y-auto wrap-break-word">
        {announcement.text}
      </p>
      <IconButton label={t("announcement.dismiss")} icon={<X size={16} />} onClick={dismiss} />
    </aside>
  );
}
