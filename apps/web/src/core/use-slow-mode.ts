import { accessFacts } from "@miscord/client";
import { clockText } from "@miscord/protocol";
import { bypassesSlowMode } from "@miscord/rights";
import { t } from "i18next";
import { useSyncExternalStore } from "react";
import { useClientState } from "./client.ts";

/** Seconds until the user may write in the channel again; 0 without slow mode, and for those whom it does not hold. */
export function useSlowMode(serverId: number | null, channelId: number): number {
  const untilMs = useClientState((state) => {
    const slowModeS = state.channels[channelId]?.slow_mode_s ?? 0;
    const facts = accessFacts(state, serverId, channelId);
    if (slowModeS === 0 || !facts || bypassesSlowMode(facts)) return 0;
    const { messages = [], outbox = [] } = state.timelines[channelId] ?? {};
    const own = messages.findLast(({ author }) => author.id === facts.userId);
    const sending = outbox.findLast(({ status }) => status !== "failed");
    const last = Math.max(own ? new Date(own.timestamp).getTime() : 0, sending?.createdAt ?? 0);
    return last + slowModeS * 1_000;
  });
  return useSyncExternalStore(untilMs === 0 ? never : everySecond, () =>
    Math.max(0, Math.ceil((untilMs - Date.now()) / 1_000)),
  );
}

export function slowModeText(waitS: number): string {
  return t("moderation:slowMode.wait", { left: clockText(1_000 * waitS) });
}

function everySecond(listener: () => void): () => void {
  const timer = setInterval(listener, 1_000);
  return () => clearInterval(timer);
}

function never(): () => void {
  return () => {};
}
