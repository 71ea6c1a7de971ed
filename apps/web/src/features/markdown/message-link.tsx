import { ChevronRight, MessageSquare, Ticket } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { innerLinkOf } from "./inner-link.ts";

const linkClass = "text-link underline underline-offset-2 hover:decoration-2 wrap-anywhere";
const chipClass =
  "inline-flex items-center gap-1 rounded-sm bg-accent-soft px-1 align-bottom font-medium text-link underline underline-offset-2 hover:bg-active hover:decoration-2";

/** A link in a message. `bare` means that its text is its address, which may be replaced by a readable name. */
export function MessageLink({ href, bare, children }: { href: string; bare: boolean; children: ReactNode }) {
  const inner = innerLinkOf(href, location.origin);
  if (!inner) {
    return (
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className={linkClass}
        title={bare ? undefined : href}
      >
        {children}
      </a>
    );
  }
  if (!bare) {
    return (
      <Link href={inner.path} className={linkClass}>
        {children}
      </Link>
    );
  }
  if (inner.kind === "invite") return <InviteChip path={inner.path} />;
  return <ChannelChip path={inner.path} channelId={inner.channelId} isMessage={inner.messageId !== null} />;
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
  const name = useClientState((state) => state.channels[channelId]?.name);
  return (
    <Link href={path} className={chipClass}>
      #{name ?? t("link.unknownChannel")}
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
