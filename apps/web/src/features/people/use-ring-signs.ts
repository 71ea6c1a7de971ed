import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { allowSound } from "../../core/audio/audio-context.ts";
import { playSound } from "../../core/audio/sounds.ts";
import { useMe } from "../../core/client.ts";
import { overrideTitle } from "../../core/page-title.ts";
import { paths } from "../../core/paths.ts";
import { statusNow } from "../../core/status-now.ts";
import { isToldElsewhere } from "../notifications/attended-pages.ts";
import { closeDesktop, showDesktop } from "../notifications/desktop-notifications.ts";
import { useNotificationPreferences } from "../notifications/notification-preferences.ts";

const everyMs = 3_000;

interface Rung {
  token: string;
  channelId: number;
  caller: string;
}

/**
 * While somebody calls: the page's title says so, and a sound and a desktop notification, but for those who do not want to be
 * disturbed.
 */
export function useRingSigns({ token, channelId, caller }: Rung): void {
  const { t } = useTranslation("people");
  const isUndisturbed = statusNow(useMe()) === "dnd";
  const title = t("call.title", { name: caller });
  useEffect(() => {
    overrideTitle(`📞 ${title} — Miscord`);
    return () => overrideTitle(null);
  }, [title]);
  useEffect(() => {
    if (isUndisturbed) return undefined;
    const over = new AbortController();
    const tag = `call-${channelId}`;
    void ringAlone(token, over.signal).catch(() => {});
    void notify({ tag, title, path: paths.dm(channelId) }).catch(() => {});
    return () => {
      over.abort();
      void closeDesktop([tag]);
    };
  }, [isUndisturbed, token, channelId, title]);
}

/** Of the tabs of a browser one rings, and another one once it is closed. Without web locks, each does. */
async function ringAlone(token: string, signal: AbortSignal): Promise<void> {
  const ringUntilOver = () => ringOn(signal);
  if ("locks" in navigator) await navigator.locks.request(`miscord.ring.${token}`, { signal }, ringUntilOver);
  else await ringUntilOver();
}

async function ringOn(signal: AbortSignal): Promise<void> {
  if (!useNotificationPreferences.getState().sound) return;
  while (!signal.aborted) {
    if ((await allowSound()) && !signal.aborted) playSound("ring");
    await pause(everyMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}

async function notify({ tag, title, path }: { tag: string; title: string; path: string }): Promise<void> {
  if (!useNotificationPreferences.getState().desktop || (await isToldElsewhere())) return;
  await showDesktop({ tag, title, body: "", path });
}
