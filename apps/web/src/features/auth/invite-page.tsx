import type { InvitePreview } from "@miscord/protocol";
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearchParams } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { serverLanding } from "../../core/last-visited.ts";
import { paths } from "../../core/paths.ts";
import { untilState } from "../../core/until-state.ts";
import { useAction } from "../../core/use-action.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { AuthPage } from "./auth-page.tsx";
import { InviteCard, InviteSkeleton } from "./invite-card.tsx";

/** The page at `/invite/:code`, for logged-in users and for guests. */
export function InvitePage({ code }: { code: string }) {
  const userId = useClientState((state) => state.session.me?.id);
  // The preview depends on whether the user is a member, so another user needs another preview.
  return <Invite key={`${userId} ${code}`} code={code} />;
}

function Invite({ code }: { code: string }) {
  const { t } = useTranslation(["auth", "common"]);
  const client = useClient();
  const describe = useDescribeError();
  const isMember = useClientState((state) => state.session.status === "authenticated");
  const [, navigate] = useLocation();
  const { loaded, reload } = useLoaded(useCallback(() => client.rest.previewInvite(code), [client, code]));
  return (
    <AuthPage title={loaded.status === "failed" ? t("invite.failed") : t("invite.title")}>
      {loaded.status === "loading" && <InviteSkeleton />}
      {loaded.status === "failed" && (
        <>
          <AlertBanner tone="danger">{describe(loaded.error)}</AlertBanner>
          <div className="mt-4 flex gap-2">
            <Button onClick={reload}>{t("common:retry")}</Button>
            <Button variant="ghost" onClick={() => navigate(paths.home)}>
              {isMember ? t("common:notFound.home") : t("login.submit")}
            </Button>
          </div>
        </>
      )}
      {loaded.status === "ready" && (
        <>
          <InviteCard preview={loaded.value} />
          {isMember ? <JoinActions preview={loaded.value} /> : <EnterActions code={code} />}
        </>
      )}
    </AuthPage>
  );
}

/** Registration and login return to this address with a mark that joins without another click. */
function EnterActions({ code }: { code: string }) {
  const { t } = useTranslation("auth");
  const [, navigate] = useLocation();
  const isClosed = useClientState((state) => state.instance?.registration === "closed");
  const next = `?next=${encodeURIComponent(`${paths.invite(code)}?join`)}`;
  return (
    <div className="flex flex-col gap-2">
      {!isClosed && (
        <Button variant="primary" size="lg" onClick={() => navigate(paths.register + next)}>
          {t("invite.register")}
        </Button>
      )}
      <Button size="lg" variant={isClosed ? "primary" : "secondary"} onClick={() => navigate(paths.login + next)}>
        {t("invite.login")}
      </Button>
    </div>
  );
}

function JoinActions({ preview }: { preview: InvitePreview }) {
  const { t } = useTranslation(["auth", "common"]);
  const client = useClient();
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const { busy, run } = useAction();
  const join = async () => {
    if (!preview.is_member) await client.rest.joinInvite(preview.code);
    await untilState(client, (state) => preview.server.id in state.servers);
    navigate(serverLanding(client.store.getState(), preview.server.id), { replace: true });
  };
  const autoJoin = useRef(search.has("join"));
  useEffect(() => {
    if (!autoJoin.current) return;
    autoJoin.current = false;
    void run(join);
  });
  if (preview.is_member) {
    return (
      <Button variant="primary" size="lg" className="w-full" onClick={() => navigate(paths.server(preview.server.id))}>
        {t("invite.open")}
      </Button>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <Button variant="primary" size="lg" busy={busy} onClick={() => void run(join)}>
        {t("invite.join")}
      </Button>
      <Button variant="ghost" onClick={() => navigate(paths.home)}>
        {t("invite.decline")}
      </Button>
    </div>
  );
}
