import type { Member } from "@miscord/protocol";
import { AtSign, Ban, CircleHelp, Clock, Copy, Eye, Pencil, Settings, ShieldCheck, UserMinus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useMe } from "../../core/client.ts";
import { openDialog, type Removal } from "../../core/dialog-store.ts";
import { serverLanding } from "../../core/last-visited.ts";
import { setMembersOpen } from "../../layout/panes.ts";
import { useCopy } from "../../core/use-copy.ts";
import type { MenuEntry } from "../../ui/menu-item.ts";
import { afterOverlays } from "../../ui/use-return-focus.ts";
import { insertIntoComposer } from "../composer/composer-bridge.ts";
import { useCan } from "../../core/use-can.ts";
import { viewAs } from "../../core/view-as.ts";
import { usePersonMenu } from "../people/use-person-menu.tsx";
import { useRemovals } from "./use-removals.ts";

interface Options {
  serverId: number;
  member: Pick<Member, "id" | "username" | "display_name" | "is_owner">;
  /** The menu stands below the member's card. */
  isInCard?: boolean;
}

/** The menu of a member, for the member list and for a message's author. */
export function useMemberMenu({ serverId, member, isInCard }: Options): readonly MenuEntry[] {
  const { t } = useTranslation(["servers", "rights", "moderation"]);
  const me = useMe();
  const copy = useCopy();
  const mention = useMention(serverId, member.username);
  const person = usePersonMenu(member, serverId);
  const { canKick, canBan, canTimeOut, canRename } = useRemovals(serverId, member);
  const mayGiveRoles = useCan(serverId, "manageRoles");
  const remove = (removal: Removal) => openDialog({ kind: "remove-member", serverId, member, removal });
  return [
    !isInCard && {
      label: t("members.profile"),
      icon: <Eye size={16} />,
      onSelect: () => openDialog({ kind: "member", serverId, userId: member.id }),
    },
    ...person,
    person.length > 0 && "separator",
    { label: t("members.mention"), icon: <AtSign size={16} />, onSelect: mention },
    { label: t("members.copyName"), icon: <Copy size={16} />, onSelect: () => void copy(member.username) },
    member.id === me.id && {
      label: t("members.editProfile"),
      icon: <Settings size={16} />,
      onSelect: () => openDialog({ kind: "settings", tab: "profile" }),
    },
    canRename && {
      label: t("members.nickname"),
      icon: <Pencil size={16} />,
      onSelect: () => openDialog({ kind: "nickname", serverId, member }),
    },
    mayGiveRoles && {
      label: t("rights:roles.assign"),
      icon: <ShieldCheck size={16} />,
      onSelect: () => openDialog({ kind: "member-roles", serverId, member }),
    },
    (mayGiveRoles || member.id === me.id) && {
      label: t("rights:explain.ofMember"),
      icon: <CircleHelp size={16} />,
      onSelect: () => openDialog({ kind: "explain", serverId, member }),
    },
    mayGiveRoles &&
      member.id !== me.id && {
        label: t("rights:viewAs.asMember"),
        icon: <Eye size={16} />,
        onSelect: () => viewAs({ serverId, kind: "member", id: member.id }),
      },
    (canKick || canBan || canTimeOut) && "separator",
    canTimeOut && {
      label: t("moderation:timeOut.open"),
      icon: <Clock size={16} />,
      onSelect: () => openDialog({ kind: "time-out", serverId, member }),
    },
    canKick && {
      label: t("members.kick"),
      icon: <UserMinus size={16} />,
      danger: true,
      onSelect: () => remove("kick"),
    },
    canBan && { label: t("members.ban"), icon: <Ban size={16} />, danger: true, onSelect: () => remove("ban") },
  ];
}

/** Writes the name into the composer of the server. */
function useMention(serverId: number, username: string): () => void {
  const client = useClient();
  const [, navigate] = useLocation();
  return () => {
    setMembersOpen(false);
    const open = () => navigate(serverLanding(client.store.getState(), serverId));
    // The member list of a narrow screen and the member's dialog close with the choice.
    afterOverlays(() => insertIntoComposer(serverId, `@${username} `, open));
  };
}
