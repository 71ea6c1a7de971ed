import type { MemberEntry } from "@miscord/client";
import type { Message, User } from "@miscord/protocol";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { nameOf } from "../../core/name-of.ts";
import { Menu } from "../../ui/menu.tsx";
import { ProfileCard } from "../profile/lazy-profile-card.tsx";
import { usePersonMenu } from "../people/use-person-menu.tsx";
import { useMemberMenu } from "../members/use-member-menu.tsx";
import { useChat } from "./chat-context.ts";

const nameClass = "truncate font-semibold";

/**
 * The author's name as a button: with the member menu, or with what an imported author can be asked for. Plain text for users who
 * have left the server.
 */
export function AuthorButton({ message, isActive }: { message: Message; isActive: boolean }) {
  const { author, channel_id: channelId } = message;
  const { serverId } = useChat();
  const member = useClientState((state) => (serverId === null ? undefined : state.members[serverId]?.[author.id]));
  if (serverId === null) return <RecipientButton author={author} isActive={isActive} />;
  if (member) return <MemberButton serverId={serverId} member={member} isActive={isActive} />;
  const name = author.is_webhook ? author.display_name : nameOf(author);
  if (!author.is_placeholder) return <PlainName name={name} />;
  const onClick = () => openDialog({ kind: "imported-author", channelId, message });
  return <NameButton {...{ name, isActive, onClick }} />;
}

interface MemberButtonProps {
  serverId: number;
  member: MemberEntry;
  isActive: boolean;
}

function MemberButton({ serverId, member, isActive }: MemberButtonProps) {
  const entries = useMemberMenu({ serverId, member });
  return (
    <Menu
      entries={entries}
      header={<ProfileCard user={member} serverId={serverId} />}
      trigger={<NameButton name={member.display_name} isActive={isActive} />}
    />
  );
}

/** The same in a private channel, where nobody has a place in a server. */
function RecipientButton({ author, isActive }: { author: User; isActive: boolean }) {
  const entries = usePersonMenu(author);
  const name = nameOf(author);
  if (entries.length === 0) return <PlainName name={name} />;
  return (
    <Menu
      entries={entries}
      header={<ProfileCard user={author} serverId={null} />}
      trigger={<NameButton name={name} isActive={isActive} />}
    />
  );
}

function PlainName({ name }: { name: string }) {
  return (
    <span dir="auto" className={nameClass}>
      {name}
    </span>
  );
}

/** As the trigger of a menu it gets that one's properties. */
function NameButton({ name, isActive, ...rest }: ComponentProps<"button"> & { name: string; isActive: boolean }) {
  const { t } = useTranslation("chat");
  return (
    <button
      type="button"
      tabIndex={isActive ? 0 : -1}
      aria-label={t("message.profile", { author: name })}
      className={`${nameClass} rounded-sm underline-offset-2 hover:underline`}
      {...rest}
    >
      {name}
    </button>
  );
}
