import { includes, permissionBits, union, without } from "@miscord/rights";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";

const send = permissionBits.sendMessages;

/** Whether members without a role that says otherwise may not write in the channel, and a switch for it. */
export function useLock(serverId: number, channelId: number): { isLocked: boolean; toggle: () => void } {
  const client = useClient();
  const { run } = useAction();
  const everyoneId = useClientState((state) => state.servers[serverId]?.everyone_role_id ?? 0);
  const override = useClientState((state) =>
    state.channels[channelId]?.overrides.find((one) => one.type === "role" && one.target_id === everyoneId),
  );
  const { allow, deny } = override ?? { allow: 0, deny: 0 };
  const isLocked = includes(deny, send);
  async function change(): Promise<void> {
    const next = isLocked
      ? { allow, deny: without(deny, send) }
      : { allow: without(allow, send), deny: union(deny, send) };
    if (next.allow === 0 && next.deny === 0) await client.rest.removeOverride(channelId, everyoneId, "role");
    else await client.rest.setOverride(channelId, everyoneId, { type: "role", ...next });
  }
  return { isLocked, toggle: () => void run(change) };
}
