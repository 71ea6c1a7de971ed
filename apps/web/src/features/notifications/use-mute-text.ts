import { isMutedNow, mutedForever, type NotificationSetting } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";

const dayMs = 86_400_000;

/** Says until when a setting mutes; null when it does not. */
export function useMuteText(): (setting: NotificationSetting | undefined) => string | null {
  const { t } = useTranslation("notifications");
  const format = useFormat();
  return useCallback(
    (setting) => {
      const until = setting?.muted_until;
      if (!until || !isMutedNow(setting, Date.now())) return null;
      if (until === mutedForever) return t("mute.always");
      const isSoon = Date.parse(until) - Date.now() < dayMs;
      return t("mute.until", { time: isSoon ? format.time(until) : format.dateTime(until) });
    },
    [t, format],
  );
}
