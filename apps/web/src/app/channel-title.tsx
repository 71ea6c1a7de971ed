import { ChevronRight, Hash, MessagesSquare } from "lucide-react";
import { Link } from "wouter";
import { useClientState } from "../core/client.ts";
import { paths } from "../core/paths.ts";
import { RetentionMark } from "../features/retention/retention-mark.tsx";
import { cx } from "../ui/cx.ts";

interface ChannelTitleProps {
  serverId: number;
  channelId: number;
  hasTopic?: boolean;
}

/** The name of the open channel with its topic, or of the open thread with the way back to its channel. */
export function ChannelTitle({ serverId, channelId, hasTopic = true }: ChannelTitleProps) {
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  const topic = useClientState((state) => state.channels[channelId]?.topic);
  const parentId = useClientState((state) => state.threads[channelId]?.parent_id);
  const parentName = useClientState((state) => (parentId === undefined ? undefined : state.channels[parentId]?.name));
  const Icon =
    useClientState((state) => state.channels[parentId ?? channelId]?.type) === "forum" ? MessagesSquare : Hash;
  return (
    <div className="flex min-w-0 items-center gap-3">
      <h1
        className={cx(
          "flex max-w-full min-w-0 items-center gap-1.5 font-semibold",
          parentId === undefined && "md:shrink-0",
        )}
      >
        <Icon size={18} aria-hidden className="shrink-0 text-faint" />
        {parentId !== undefined && (
          <>
            <Link
              href={paths.channel(serverId, parentId)}
              className="max-w-16 shrink-0 truncate text-muted hover:underline md:max-w-40"
            >
              {parentName}
            </Link>
            <ChevronRight size={16} aria-hidden className="shrink-0 text-faint" />
          </>
        )}
        <span className="truncate">{name}</span>
      </h1>
      <RetentionMark channelId={channelId} />
      {hasTopic && topic && (
        <p dir="auto" title={topic} className="hidden min-w-0 truncate text-sm text-muted md:block">
          {topic}
        </p>
      )}
    </div>
  );
}
