import { importCalls } from "@miscord/client";
import { importLimits, type AuthorClaimDecision, type PendingAuthorClaim } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { useFormat } from "../../../i18n/format.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { Button } from "../../../ui/button.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { PagedList } from "../paged-list.tsx";
import type { Pages } from "../use-pages.ts";

/** People who say to be imported authors. */
export function AuthorClaims({ pages }: { pages: Pages<PendingAuthorClaim> }) {
  const { t } = useTranslation("imports");
  return (
    <PagedList
      title={t("claims.title")}
      toolbar={<p className="mb-2 text-sm text-muted">{t("claims.hint")}</p>}
      pages={pages}
      empty={t("claims.none")}
      keyOf={({ id }) => id}
      renderItem={(claim) => <ClaimItem claim={claim} onDecided={pages.reload} />}
    />
  );
}

function ClaimItem({ claim, onDecided }: { claim: PendingAuthorClaim; onDecided: () => void }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const toast = useToast();
  const { rest } = useClient();
  const { busy, run } = useAction();
  const { author, user, discord_name: inDiscord, created_at: askedAt, joined_at: joinedAt, attempts } = claim;
  const names = { name: user.display_name, author: author.display_name };
  async function decide(decision: AuthorClaimDecision["decision"]): Promise<void> {
    await run(async () => {
      const { username, messages: count } = await importCalls(rest).decideClaim(claim.id, { decision });
      if (decision === "accept") {
        toast({ title: t("claim.done", { author: author.display_name, username, count }), tone: "success" });
      }
    });
    // Somebody else may have decided meanwhile: the list is then another one too.
    onDecided();
  }
  const isCut = claim.messages >= importLimits.claimMessages;
  return (
    <article aria-label={user.display_name} className="flex min-w-0 flex-1 flex-wrap items-start gap-x-3 gap-y-2">
      <Avatar user={user} ground="overlay" />
      <div className="min-w-0 flex-1 basis-56 wrap-break-word">
        <p className="text-sm font-medium">
          <bdi>{user.display_name}</bdi> <span className="font-normal text-faint">@{user.username}</span>
        </p>
        <p className="text-sm">
          {t("claims.says")} <bdi className="font-medium">{author.display_name}</bdi>{" "}
          <span className="text-faint">
            <bdi>{inDiscord}</bdi> · {t(isCut ? "claims.manyMessages" : "claims.messages", { count: claim.messages })}
          </span>
        </p>
        <p className="text-sm text-faint">
          {t("claims.joined", { server: claim.server.name, date: format.date(joinedAt) })} ·{" "}
          <time dateTime={askedAt}>{t("claims.asked", { date: format.dateTime(askedAt) })}</time>
          {attempts > 1 && ` · ${t("claims.again", { count: attempts })}`}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          variant="primary"
          busy={busy}
          onClick={() => void decide("accept")}
          aria-label={t("claims.acceptOf", names)}
        >
          {t("claims.accept")}
        </Button>
        <Button size="sm" busy={busy} onClick={() => void decide("decline")} aria-label={t("claims.declineOf", names)}>
          {t("claims.decline")}
        </Button>
      </div>
    </article>
  );
}
