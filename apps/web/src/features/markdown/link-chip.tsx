import { ChevronRight, MessageSquare, Ticket } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { channelName } from "../../core/people.ts";
import type { InnerLink } from "./inner-link.ts";

const chipClass =
  "inline-flex items-center gap-1 rounded-sm bg-accent-soft px-1 align-bottom font-medium text-link underline underline-offset-2 hover:bg-active hover:decoration-2";

/** The readable name of an address inside the app. */
export function LinkChip({ to }: { to: InnerLink }) {
  if (to.kind === "invite") return <InviteChip path={to.path} />;
  return <ChannelChip path={to.path} channelId={to.channelId} isMessage={to.messageId !== null} />;
}

function InviteChip({ path }: { path: string }) {
  const { t } = useTranslation("chat");
  return (
    <Link href={path} className={chipClass}>
      <Ticket size={14} aria-hidden />
      {t("link.invite")}
    </Link>
  );
}

function ChannelChip({ path, channelId, isMessage }: { path: string; channelId: number; isMessage: boolean }) {
  const { t } = useTranslation("chat");
  const name = useClientState((state) =>
    channelId in state.channels || channelId in state.dms ? channelName(state, channelId) : null,
  );
  return (
    <Link href={path} className={chipClass}>
      {name ?? `#${t("link.unknownChannel")}`}
      {isMessage && (
        <>
          <ChevronRight size={13} aria-hidden className="opacity-70" />
          <MessageSquare size={13} aria-hidden />
          <span className="sr-only">{t("link.message")}</span>
        </>
      )}
    </Link>
  );
}
