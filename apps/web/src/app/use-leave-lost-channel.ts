import type { ClientState } from "@miscord/client";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { changeDraft, draftOf } from "../features/composer/drafts.ts";
import { useToast } from "../ui/toast.tsx";
import { useClient } from "../core/client.ts";
import { serverLanding } from "../core/last-visited.ts";
import { paths } from "../core/paths.ts";
import { unaskedNavigation } from "../core/unasked-navigation.ts";

/**
 * Leaves the page when its channel is deleted or the user loses access to it, with a toast. If the user has unsent words
 * there, the page stays, and the name of the lost channel is returned.
 */
export function useLeaveLostChannel(serverId: number | null, channelId: number | null): string | null {
  const client = useClient();
  const { t } = useTranslation("common");
  const toast = useToast();
  const [, navigate] = useLocation();
  const [lost, setLost] = useState<{ channelId: number; name: string } | null>(null);
  useEffect(() => {
    if (serverId === null || channelId === null) return undefined;
    return client.store.subscribe((state, before) => {
      const channel = before.channels[channelId];
      if (!channel || channelId in state.channels || state.session.me === null) return;
      keepUnsent(before, channelId);
      if (draftOf(channelId).text !== "") return setLost({ channelId, name: channel.name });
      const hasServer = serverId in state.servers;
      // The loss of a whole server has a toast of its own.
      if (hasServer) toast({ title: t("lostChannel.title", { channel: channel.name }) });
      navigate(hasServer ? serverLanding(state, serverId) : paths.home, { replace: true, state: unaskedNavigation });
    });
  }, [client, navigate, serverId, channelId, t, toast]);
  return lost?.channelId === channelId ? lost.name : null;
}

/** Adds messages that were still waiting to be sent to the draft, before the words typed since. */
function keepUnsent({ timelines }: ClientState, channelId: number): void {
  const unsent = (timelines[channelId]?.outbox ?? []).filter(({ status }) => status !== "sent");
  const words = [...unsent.map(({ content }) => content), draftOf(channelId).text].filter((text) => text.trim() !== "");
  if (unsent.length > 0) changeDraft(channelId, { text: words.join("\n\n") });
}
