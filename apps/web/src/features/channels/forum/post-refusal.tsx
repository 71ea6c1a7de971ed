import { heldBackIn, heldUntil, isTimedOut } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../../core/client.ts";
import { useCan } from "../../../core/use-can.ts";
import { useFormat } from "../../../i18n/format.ts";
import { VerificationNotice } from "../../verification/verification-notice.tsx";

interface Place {
  serverId: number;
  channelId: number;
}

export function useMayPost({ serverId, channelId }: Place): boolean {
  const may = useCan(serverId, "sendMessages", channelId);
  const isHeld = useClientState((state) => heldBackIn(state, serverId) !== null);
  return may && !isHeld;
}

/** Why the user may not create posts in the forum. */
export function PostRefusal({ serverId, channelId }: Place) {
  const { t } = useTranslation(["forums", "moderation"]);
  const format = useFormat();
  const may = useCan(serverId, "sendMessages", channelId);
  const held = useClientState(useShallow((state) => heldBackIn(state, serverId)));
  const until = useClientState((state) => {
    const server = state.servers[serverId];
    const end = server ? heldUntil(server) : null;
    return isTimedOut({ timed_out_until: end }) ? end : null;
  });
  const ownEnd = useClientState((state) => state.servers[serverId]?.timed_out_until);
  if (may && held) return <VerificationNotice serverId={serverId} held={held} />;
  return (
    <p role="status" className="min-w-0 flex-1 text-sm text-muted">
      {until
        ? t(until === ownEnd ? "moderation:timeOut.own" : "moderation:raid.own", { when: format.dateTime(until) })
        : t("refused")}
    </p>
  );
}
