import type { User } from "@miscord/protocol";
import { Flag, MessageSquare, ShieldBan, ShieldCheck, UserMinus, UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState, useMe } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { useAction } from "../../core/use-action.ts";
import type { MenuEntry } from "../../ui/menu-item.ts";
import { useOpenDm } from "./use-open-dm.ts";

/** What can be done about any person, wherever their name is: write to them, friends, report
 * (in the server, if there is one), block. Empty for the user themselves. */
export function usePersonMenu({ id }: Pick<User, "id">, serverId?: number): readonly MenuEntry[] {
  const { t } = useTranslation("people");
  const { openDm } = useOpenDm();
  const isBlocked = useClientState((state) => state.relationships[id]?.kind === "blocked");
  const entries = useRelationshipMenu({ id }, serverId);
  if (entries.length === 0 || isBlocked) return entries;
  return [{ label: t("message"), icon: <MessageSquare size={16} />, onSelect: () => void openDm([id]) }, ...entries];
}

/** The same without writing to them: for the conversation with that person. */
export function useRelationshipMenu({ id }: Pick<User, "id">, serverId?: number): readonly MenuEntry[] {
  const { t } = useTranslation("people");
  const me = useMe();
  const { rest } = useClient();
  const { run } = useAction();
  const kind = useClientState((state) => state.relationships[id]?.kind);
  const isLegacy = useClientState((state) => state.connection.mode === "legacy");
  if (id === me.id || isLegacy) return [];
  const act = (work: () => Promise<unknown>) => () => void run(work);
  return [
    kind === undefined && {
      label: t("friend.add"),
      icon: <UserPlus size={16} />,
      onSelect: act(() => rest.addFriend(id)),
    },
    kind === "incoming" && {
      label: t("friend.accept"),
      icon: <UserPlus size={16} />,
      onSelect: act(() => rest.addFriend(id)),
    },
    (kind === "friend" || kind === "outgoing" || kind === "incoming") && {
      label: t(`friend.end.${kind}`),
      icon: <UserMinus size={16} />,
      onSelect: act(() => rest.removeFriend(id)),
    },
    {
      label: t("report"),
      icon: <Flag size={16} />,
      onSelect: () => openDialog({ kind: "report", subject: { kind: "user", userId: id, reportedIn: serverId } }),
    },
    kind === "blocked"
      ? { label: t("unblock"), icon: <ShieldCheck size={16} />, onSelect: act(() => rest.unblock(id)) }
      : { label: t("block"), icon: <ShieldBan size={16} />, danger: true, onSelect: act(() => rest.block(id)) },
  ];
}
