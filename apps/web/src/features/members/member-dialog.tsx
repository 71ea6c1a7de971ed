import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { useRefreshedMember } from "../../core/find-members.ts";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import type { MenuAction } from "../../ui/menu-item.ts";
import { menuItemClass } from "../../ui/menu-item.ts";
import { useMemberMenu } from "./use-member-menu.tsx";

interface MemberDialogProps {
  serverId: number;
  userId: number;
  onClose: () => void;
}

/** A member's card with what can be done about them, for places without a row of that member. */
export function MemberDialog({ serverId, userId, onClose }: MemberDialogProps) {
  const { t } = useTranslation(["servers", "common"]);
  const format = useFormat();
  const member = useClientState((state) => state.members[serverId]?.[userId]);
  const status = useClientState((state) => state.presence[userId] ?? "offline");
  // Only the status of those in sight is kept up to date.
  useRefreshedMember(serverId, userId);
  const serverName = useClientState((state) => state.servers[serverId]?.name ?? "");
  const entries = useMemberMenu({
    serverId,
    member: member ?? { id: userId, username: "", display_name: "", is_owner: false },
  });
  if (!member) return null;
  const actions = entries.filter(
    (entry): entry is MenuAction => typeof entry === "object" && entry !== null && "onSelect" in entry,
  );
  return (
    <Dialog open onOpenChange={onClose} title={member.display_name} description={`@${member.username}`}>
      <div className="flex items-center gap-4">
        <Avatar user={member} size={72} status={status} ground="overlay" />
        <div className="min-w-0 text-sm text-muted">
          <p>{t(`common:status.${status}`)}</p>
          <p className="wrap-break-word">{serverName}</p>
          <p>{t("members.since", { date: format.date(member.joined_at) })}</p>
        </div>
      </div>
      <ul className="-mx-2.5 mt-4">
        {actions.map(({ label, icon, danger, onSelect }) => (
          <li key={label}>
            <button
              type="button"
              className={`${menuItemClass(danger)} focus-inset min-h-10! w-full text-left hover:bg-hover`}
              onClick={() => {
                onClose();
                onSelect();
              }}
            >
              {icon}
              {label}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
