import { profileCalls } from "@miscord/client";
import type { Profile, User } from "@miscord/protocol";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useRefreshedMember } from "../../core/find-members.ts";
import { nameOf } from "../../core/name-of.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { useFormat } from "../../i18n/format.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ProfileFace, Part } from "./profile-face.tsx";

export interface ProfileCardProps {
  user: User;
  /** Null: the card is shown outside of any server. */
  serverId: number | null;
  /** In a dialog, rather than above a menu. */
  isWide?: boolean;
}

/** Who somebody is: the same wherever their name or face is pressed. */
export function ProfileCard({ user, serverId, isWide = false }: ProfileCardProps) {
  const member = useClientState((state) => (serverId === null ? undefined : state.members[serverId]?.[user.id]));
  const isVisible = useClientState((state) => state.presence[user.id] !== undefined);
  const status = useClientState((state) => state.presence[user.id] ?? "offline");
  const custom = useClientState((state) => state.customStatuses[user.id]);
  // Only the presence of those in sight is kept up to date.
  useRefreshedMember(serverId, user.id);
  const loaded = useProfile(user.id);
  const profile = loaded.value;
  return (
    <ProfileFace
      isWide={isWide}
      isTitled={isWide}
      user={member ?? user}
      accountName={member?.nickname ? member.account_name : null}
      {...(isVisible && { status })}
      custom={custom}
      profile={profile}
    >
      {loaded.status === "loading" && <LoadingParts />}
      {member && serverId !== null && <Roles serverId={serverId} roleIds={member.role_ids} />}
      {profile && <Since profile={profile} joinedAt={member?.joined_at} />}
      {profile && <Mutual profile={profile} />}
    </ProfileFace>
  );
}

/** Loaded again when the person has changed something that others see. */
function useProfile(userId: number) {
  const client = useClient();
  const load = useCallback(() => profileCalls(client.rest).of(userId), [client, userId]);
  const { loaded, reload } = useLoaded(load);
  useEffect(
    () =>
      client.on("event", (event) => {
        if (event.type === "user_updated" && event.user.id === userId) reload();
      }),
    [client, reload, userId],
  );
  return loaded;
}

function LoadingParts() {
  return (
    <div className="flex flex-col gap-2 py-1">
      <Skeleton className="h-3.5 w-24" />
      <Skeleton className="h-3.5 w-44" />
    </div>
  );
}

function Roles({ serverId, roleIds }: { serverId: number; roleIds: readonly number[] }) {
  const { t } = useTranslation("profile");
  const roles = useClientState((state) => state.servers[serverId]?.roles);
  const own = (roles ?? []).filter(({ id }) => roleIds.includes(id)).toReversed();
  if (own.length === 0) return null;
  return (
    <Part title={t("roles")}>
      <div className="flex flex-wrap gap-1.5">
        {own.map(({ id, name, color }) => (
          <span key={id} className="flex max-w-full items-center gap-1.5 rounded-sm bg-active px-1.5 py-0.5 text-xs">
            <span
              aria-hidden
              className="size-2 shrink-0 rounded-full bg-faint"
              style={color ? { backgroundColor: color } : undefined}
            />
            <bdi className="truncate">{name}</bdi>
          </span>
        ))}
      </div>
    </Part>
  );
}

function Since({ profile, joinedAt }: { profile: Profile; joinedAt: string | undefined }) {
  const { t } = useTranslation("profile");
  const format = useFormat();
  return (
    <Part title={t("since")}>
      <p>{t("sinceHere", { date: format.date(profile.created_at) })}</p>
      {joinedAt && <p>{t("sinceServer", { date: format.date(joinedAt) })}</p>}
    </Part>
  );
}

/** Servers by the names that the reader knows. */
function Mutual({
  profile: { mutual_servers: serverIds, mutual_friends: friends, mutual_friend_count: count },
}: {
  profile: Profile;
}) {
  const { t } = useTranslation("profile");
  const format = useFormat();
  const servers = useClientState((state) => state.servers);
  const names = serverIds.flatMap((id) => servers[id]?.name ?? []);
  const more = count - friends.length;
  return (
    <>
      {names.length > 0 && (
        <Part title={t("mutualServers", { count: names.length })}>
          <p className="line-clamp-3 wrap-anywhere">{format.list(names)}</p>
        </Part>
      )}
      {count > 0 && (
        <Part title={t("mutualFriends", { count })}>
          <p className="line-clamp-3 wrap-anywhere">
            {format.list([...friends.map(nameOf), ...(more > 0 ? [t("more", { count: more })] : [])])}
          </p>
        </Part>
      )}
    </>
  );
}
