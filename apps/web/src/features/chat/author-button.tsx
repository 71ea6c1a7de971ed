import type { MemberEntry } from "@miscord/client";
import type { User } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { Menu } from "../../ui/menu.tsx";
import { ProfileCard } from "../profile/lazy-profile-card.tsx";
import { usePersonMenu } from "../people/use-person-menu.tsx";
import { useMemberMenu } from "../members/use-member-menu.tsx";
import { useChat } from "./chat-context.ts";
import { nameOf } from "../../core/name-of.ts";

const nameClass = "truncate font-semibold";

/** The author's name as a button with the member menu; plain text for users who have left the server. */
export function AuthorButton({ author, isActive }: { author: User; isActive: boolean }) {
  const { serverId } = useChat();
  const member = useClientState((state) => (serverId === null ? undefined : state.members[serverId]?.[author.id]));
  if (serverId === null) return <RecipientButton author={author} isActive={isActive} />;
  if (!member)
    return (
      <span dir="auto" className={nameClass}>
        {author.is_webhook ? author.display_name : nameOf(author)}
      </span>
    );
  return <MemberButton serverId={serverId} member={member} isActive={isActive} />;
}

interface MemberButtonProps {
  serverId: number;
  member: MemberEntry;
  isActive: boolean;
}

function MemberButton({ serverId, member, isActive }: MemberButtonProps) {
  const { t } = useTranslation("chat");
  const entries = useMemberMenu({ serverId, member });
  return (
    <Menu
      entries={entries}
      header={<ProfileCard user={member} serverId={serverId} />}
      trigger={
        <button
          type="button"
          tabIndex={isActive ? 0 : -1}
          aria-label={t("message.profile", { author: member.display_name })}
          className={`${nameClass} rounded-sm underline-offset-2 hover:underline`}
        >
          {member.display_name}
        </button>
      }
    />
  );
}

/** The same in a private channel, where nobody has a place in a server. */
function RecipientButton({ author, isActive }: { author: User; isActive: boolean }) {
  const { t } = useTranslation("chat");
  const entries = usePersonMenu(author);
  const name = nameOf(author);
  if (entries.length === 0) {
    return (
      <span dir="auto" className={nameClass}>
        {name}
      </span>
    );
  }
  return (
    <Menu
      entries={entries}
      header={<ProfileCard user={author} serverId={null} />}
      trigger={
        <button
          type="button"
          tabIndex={isActive ? 0 : -1}
          aria-label={t("message.profile", { author: name })}
          className={`${nameClass} rounded-sm underline-offset-2 hover:underline`}
        >
          {name}
        </button>
      }
    />
  );
}
