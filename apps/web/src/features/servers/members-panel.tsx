import { isTimedOut, type MemberEntry } from "@miscord/client";
import { Ban, Clock, Crown, ShieldCheck, UserMinus } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { useFindMembers } from "../../core/find-members.ts";
import { useCan } from "../../core/use-can.ts";
import type { Removal } from "../../core/dialog-store.ts";
import { ListPanel } from "../../layout/list-panel.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { HandOverDialog } from "../members/hand-over-dialog.tsx";
import { MemberRolesDialog } from "../members/member-roles-dialog.tsx";
import { useRemovals } from "../members/use-removals.ts";
import { TimeOutDialog } from "../members/time-out-dialog.tsx";
import { RemoveMemberDialog } from "../members/remove-member-dialog.tsx";

/** Most members listed at once; the search narrows a larger server down. */
const maxShown = 100;

export function MembersPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const [query, setQuery] = useState("");
  const members = useClientState((state) => state.members[serverId]);
  useFindMembers([serverId], query.trim());
  const found = useMemo(() => search(Object.values(members ?? {}), query).slice(0, maxShown), [members, query]);
  return (
    <ListPanel
      title={t("members.title")}
      loaded={
        members ? { status: "ready", value: found, error: null } : { status: "loading", value: null, error: null }
      }
      empty={t("members.notFound")}
      toolbar={<SearchField label={t("members.search")} query={query} onChange={setQuery} />}
      onRetry={() => {}}
      keyOf={(member) => member.id}
      renderItem={(member) => <MemberItem serverId={serverId} member={member} />}
    />
  );
}

function search(members: readonly MemberEntry[], query: string): readonly MemberEntry[] {
  const wanted = query.trim().toLocaleLowerCase();
  return members
    .filter(({ display_name, account_name, username }) =>
      `${display_name} ${account_name} ${username}`.toLocaleLowerCase().includes(wanted),
    )
    .toSorted((a, b) => a.display_name.localeCompare(b.display_name));
}

function MemberItem({ serverId, member }: { serverId: number; member: MemberEntry }) {
  const { t } = useTranslation(["servers", "rights", "moderation"]);
  const [removal, setRemoval] = useState<Removal | null>(null);
  const [isGiving, setGiving] = useState(false);
  const [isTimingOut, setTimingOut] = useState(false);
  const { canKick, canBan, canTimeOut } = useRemovals(serverId, member);
  const mayGiveRoles = useCan(serverId, "manageRoles");
  const name = member.display_name;
  return (
    <>
      <Avatar user={member} ground="overlay" />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">{name}</p>
        <p className="truncate text-sm text-faint">
          @{member.username}
          {member.is_owner && ` · ${t("members.owner")}`}
          {isTimedOut(member) && ` · ${t("moderation:timeOut.mark")}`}
        </p>
      </div>
      <HandOverButton serverId={serverId} member={member} />
      {mayGiveRoles && (
        <IconButton
          label={t("rights:roles.of", { name })}
          icon={<ShieldCheck size={17} />}
          onClick={() => setGiving(true)}
        />
      )}
      {canTimeOut && (
        <IconButton
          label={t("moderation:timeOut.of", { name })}
          icon={<Clock size={17} />}
          onClick={() => setTimingOut(true)}
        />
      )}
      {canKick && (
        <IconButton
          danger
          label={t("members.kickName", { name })}
          icon={<UserMinus size={17} />}
          onClick={() => setRemoval("kick")}
        />
      )}
      {canBan && (
        <IconButton
          danger
          label={t("members.banName", { name })}
          icon={<Ban size={17} />}
          onClick={() => setRemoval("ban")}
        />
      )}
      {isGiving && <MemberRolesDialog serverId={serverId} member={member} onClose={() => setGiving(false)} />}
      {isTimingOut && <TimeOutDialog serverId={serverId} member={member} onClose={() => setTimingOut(false)} />}
      {removal && (
        <RemoveMemberDialog serverId={serverId} member={member} removal={removal} onClose={() => setRemoval(null)} />
      )}
    </>
  );
}

/** For the owner alone. */
function HandOverButton({ serverId, member }: { serverId: number; member: MemberEntry }) {
  const { t } = useTranslation("servers");
  const [isOpen, setOpen] = useState(false);
  const isOwner = useClientState((state) => state.servers[serverId]?.owner_id === state.session.me?.id);
  if (!isOwner || member.is_owner) return null;
  return (
    <>
      <IconButton
        label={t("handOver.of", { name: member.display_name })}
        icon={<Crown size={17} />}
        onClick={() => setOpen(true)}
      />
      {isOpen && <HandOverDialog serverId={serverId} member={member} onClose={() => setOpen(false)} />}
    </>
  );
}
