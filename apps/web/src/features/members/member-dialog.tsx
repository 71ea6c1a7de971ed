import type { User } from "@miscord/protocol";
import { useClientState } from "../../core/client.ts";
import { nameOf } from "../../core/name-of.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { type MenuAction, type MenuEntry, menuItemClass } from "../../ui/menu-item.ts";
import { usePersonMenu } from "../people/use-person-menu.tsx";
import { ProfileCard } from "../profile/profile-card.tsx";
import { useMemberMenu } from "./use-member-menu.tsx";

interface MemberDialogProps {
  serverId: number;
  userId: number;
  onClose: () => void;
}

/** A member's card with what can be done about them, for places without a row of that member. */
export function MemberDialog({ serverId, userId, onClose }: MemberDialogProps) {
  const member = useClientState((state) => state.members[serverId]?.[userId]);
  const entries = useMemberMenu({
    serverId,
    isInCard: true,
    member: member ?? { id: userId, username: "", display_name: "", is_owner: false },
  });
  return member ? <CardDialog user={member} serverId={serverId} entries={entries} onClose={onClose} /> : null;
}

/** The same of somebody outside of any server. */
export function PersonDialog({ user, onClose }: { user: User; onClose: () => void }) {
  return <CardDialog user={user} serverId={null} entries={usePersonMenu(user)} onClose={onClose} />;
}

interface CardDialogProps {
  user: User;
  serverId: number | null;
  entries: readonly MenuEntry[];
  onClose: () => void;
}

function CardDialog({ user, serverId, entries, onClose }: CardDialogProps) {
  const actions = entries.filter(
    (entry): entry is MenuAction => typeof entry === "object" && entry !== null && "onSelect" in entry,
  );
  return (
    <Dialog open onOpenChange={onClose} title={nameOf(user)}>
      <ProfileCard isWide user={user} serverId={serverId} />
      <ul className="-mx-2.5 mt-2 border-t border-line pt-2">
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
