import { automodCalls } from "@miscord/client";
import { useCallback, useEffect } from "react";
import { useClient } from "../../../core/client.ts";
import { useLoaded } from "../../../core/use-loaded.ts";

/** The server's rules, loaded again whenever somebody has changed them, or news may have been missed. */
export function useRules(serverId: number) {
  const client = useClient();
  const { loaded, reload } = useLoaded(
    useCallback(() => automodCalls(client.rest).rules(serverId), [client, serverId]),
  );
  useEffect(
    () =>
      client.on("event", (event) => {
        const isOurs = event.type === "automod_rules_changed" && event.server_id === serverId;
        if (isOurs || event.type === "connection_established" || event.type === "resync") reload();
      }),
    [client, serverId, reload],
  );
  return { loaded, reload };
}
