import { Crown } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNarrow } from "../../ui/use-media-query.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { ContextMenu } from "../../ui/context-menu.tsx";
import { cx } from "../../ui/cx.ts";
import { Menu } from "../../ui/menu.tsx";
import { ProgramMark } from "../../ui/program-mark.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { useClientState } from "../../core/client.ts";
import { RoleColor } from "./role-color.tsx";
import { StatusLine } from "../profile/custom-status-text.tsx";
import { ProfileCard } from "../profile/lazy-profile-card.tsx";
import type { PresentMember } from "./member-rows.ts";
import { useMemberMenu } from "./use-member-menu.tsx";

export interface MemberRowProps {
  serverId: number;
  member: PresentMember;
  /** Index of its row in the list. */
  index: number;
  /** Whether this row is the one in the tab order. */
  isActive: boolean;
}

export function MemberRow({ serverId, member, index, isActive }: MemberRowProps) {
  const { t } = useTranslation(["servers", "common"]);
  const narrow = useNarrow();
  const entries = useMemberMenu({ serverId, member });
  const highest = useClientState((state) =>
    state.servers[serverId]?.roles.findLast((role) => role.color !== null && member.role_ids.includes(role.id)),
  );
  const trigger = (
    <button
      type="button"
      data-row={index}
      tabIndex={isActive ? 0 : -1}
      className={cx(
        "focus-inset flex size-full items-center gap-3 rounded-md px-2 text-left transition-colors hover:bg-hover data-[state=open]:bg-active",
        // Desaturated rather than transparent: initials on a transparent colour are unreadable.
        member.status === "offline" && "[&>:first-child]:saturate-25",
      )}
    >
      <Avatar user={member} status={member.status === "offline" ? undefined : member.status} ground="sunken" />
      <span className={cx("min-w-0 truncate text-sm font-medium", member.status === "offline" && "text-faint")}>
        {member.display_name}
        {member.status !== "offline" && <StatusLine userId={member.id} />}
      </span>
      <ProgramMark user={member} />
      {highest?.color && <RoleColor small color={highest.color} />}
      {member.is_owner && (
        <>
          <Crown size={14} aria-hidden className="shrink-0 text-link" />
          <VisuallyHidden>{t("members.owner")}</VisuallyHidden>
        </>
      )}
      <VisuallyHidden>{t(`common:status.${member.status}`)}</VisuallyHidden>
    </button>
  );
  return (
    <ContextMenu entries={entries}>
      <div className="h-full">
        <Menu
          side={narrow ? "bottom" : "left"}
          entries={entries}
          header={<ProfileCard user={member} serverId={serverId} />}
          trigger={trigger}
        />
      </div>
    </ContextMenu>
  );
}
