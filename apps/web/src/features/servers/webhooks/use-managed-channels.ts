import { accessFacts } from "@miscord/client";
import { can } from "@miscord/rights";
import { useMemo } from "react";
import { useClientState } from "../../../core/client.ts";

export interface ManagedChannel {
  readonly id: number;
  readonly name: string;
}

/** The text channels of the server in which the user may manage webhooks, in their order. */
export function useManagedChannels(serverId: number): readonly ManagedChannel[] {
  // As one text: the list is the same as long as nothing of it changes.
  const text = useClientState((state) => {
    const found = Object.values(state.channels).flatMap((channel) => {
      if (channel.type !== "text" || channel.server_id !== serverId) return [];
      const facts = accessFacts(state, serverId, channel.id);
      if (facts === null || !can(facts, "manageWebhooks")) return [];
      return [{ id: channel.id, name: channel.name, position: channel.position }];
    });
    return JSON.stringify(found.toSorted((a, b) => a.position - b.position));
  });
  return useMemo(() => JSON.parse(text) as ManagedChannel[], [text]);
}
