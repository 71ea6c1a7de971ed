import { Users } from "lucide-react";
import { useClientState } from "../../core/client.ts";
import { othersIn } from "../../core/people.ts";
import { Avatar, type AvatarProps } from "../../ui/avatar.tsx";
import { Picture } from "../../ui/picture.tsx";

/** The other person's avatar with their status, or the picture of a group, or the mark of one without. */
export function DmAvatar({ channelId, ...look }: { channelId: number } & Pick<AvatarProps, "ground">) {
  const isGroup = useClientState((state) => state.channels[channelId]?.type === "group");
  const other = useClientState((state) => othersIn(state, channelId)[0]);
  const iconUrl = useClientState((state) => state.dms[channelId]?.icon_url ?? null);
  const status = useClientState((state) => state.presence[othersIn(state, channelId)[0]?.id ?? 0] ?? "offline");
  if (!isGroup && other) return <Avatar user={other} status={status} {...look} />;
  return (
    <Picture url={iconUrl} className="size-8 shrink-0 rounded-full">
      <span
        aria-hidden
        className="flex size-8 shrink-0 items-center justify-center rounded-full bg-accent-soft text-link"
      >
        <Users size={16} />
      </span>
    </Picture>
  );
}
