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
import { Skeleton } from "../../ui/skeleton.tsx";
import { ServerTile } from "../servers/server-tile.tsx";
import { AuthPage } from "./auth-page.tsx";

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
      {loaded.status === "loading" && <PreviewSkeleton />}
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
          <ServerCard preview={loaded.value} />
          {isMember ? <JoinActions preview={loaded.value} /> : <EnterActions code={code} />}
        </>
      )}
    </AuthPage>
  );
}

function ServerCard({ preview }: { preview: InvitePreview }) {
  const { t } = useTranslation("auth");
  const { server, inviter } = preview;
  return (
    <div className="mb-5 flex items-center gap-4 rounded-lg bg-raised p-4">
      <ServerTile id={server.id} name={server.name} size={56} />
      <div className="min-w-0">
        <h2 className="text-lg font-semibold wrap-break-word">{server.name}</h2>
        <p className="text-sm text-muted">{t("invite.from", { name: inviter.display_name })}</p>
        <p className="text-sm text-faint">{t("invite.members", { count: server.member_count })}</p>
      </div>
    </div>
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

function PreviewSkeleton() {
  const { t } = useTranslation("common");
  return (
    <div role="status" aria-label={t("loading")} className="flex items-center gap-4 rounded-lg bg-raised p-4">
      <Skeleton className="size-14 rounded-xl" />
      <div className="flex flex-col gap-2">
        <Skeleton className="h-4 w-40" />
        <Skeleton className="h-3.5 w-28" />
      </div>
    </div>
  );
}
