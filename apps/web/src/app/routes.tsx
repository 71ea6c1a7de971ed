import { type ReactNode, Suspense } from "react";
import { Redirect, Route, Switch, useLocation, useSearchParams } from "wouter";
import { useClientState } from "../core/client.ts";
import { Shell } from "./shell.tsx";
import { StartingPage } from "./starting-page.tsx";
import { paths, safeNext } from "../core/paths.ts";
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts";

/** Loaded separately: logged-in users rarely open these pages. */
const ClaimPage = lazyWithTexts(async () => (await import("../features/auth/claim-page.tsx")).ClaimPage);
const ContinuePage = lazyWithTexts(async () => (await import("../features/auth/login-page.tsx")).ContinuePage);
const InvitePage = lazyWithTexts(async () => (await import("../features/auth/invite-page.tsx")).InvitePage);
const LoginPage = lazyWithTexts(async () => (await import("../features/auth/login-page.tsx")).LoginPage);
const RecoverPage = lazyWithTexts(async () => (await import("../features/auth/recover-page.tsx")).RecoverPage);
const RecoveryCodesPage = lazyWithTexts(
  async () => (await import("../features/auth/recovery-codes-page.tsx")).RecoveryCodesPage,
);
const ResetPage = lazyWithTexts(async () => (await import("../features/auth/reset-page.tsx")).ResetPage);
const ConfirmEmailPage = lazyWithTexts(
  async () => (await import("../features/auth/confirm-email-page.tsx")).ConfirmEmailPage,
);
const RegisterPage = lazyWithTexts(async () => (await import("../features/auth/login-page.tsx")).RegisterPage);

export function Routes() {
  const status = useClientState((state) => state.session.status);
  const meId = useClientState((state) => state.session.me?.id);
  if (status === "unknown") return <StartingPage />;
  const isMember = status === "authenticated";
  return (
    <Suspense fallback={<StartingPage />}>
      <Switch>
        <Route path={paths.login}>{isMember ? <ToNext /> : <LoginPage />}</Route>
        <Route path={paths.register}>{isMember ? <AfterRegistration /> : <RegisterPage />}</Route>
        <Route path={paths.recover}>{isMember ? <ToNext /> : <RecoverPage />}</Route>
        <Route path={paths.reset}>
          <ResetPage />
        </Route>
        <Route path={paths.confirmEmail}>
          <ConfirmEmailPage />
        </Route>
        <Route path={paths.recoveryCodes}>{isMember ? <RecoveryCodesPage /> : <ToLogin />}</Route>
        <Route path={paths.continue}>
          <ContinuePage />
        </Route>
        <Route path="/invite/:code">{({ code }) => <InvitePage code={code} />}</Route>
        <Route path={paths.claim}>
          <ClaimPage />
        </Route>
        <Route>{isMember ? <Shell key={meId} /> : <ToLogin />}</Route>
      </Switch>
    </Suspense>
  );
}

function ToNext(): ReactNode {
  const [search] = useSearchParams();
  return <Redirect to={safeNext(search.get("next"))} replace />;
}

/**
 * First the recovery codes. After registering by invitation the user is already a member, so the home page leads to that
 * server.
 */
function AfterRegistration(): ReactNode {
  const [search] = useSearchParams();
  const hasJoined = useClientState((state) => state.instance?.registration === "invite");
  const next = safeNext(search.get("next"));
  const target = hasJoined && next.startsWith("/invite/") ? paths.home : next;
  return <Redirect to={`${paths.recoveryCodes}?next=${encodeURIComponent(target)}`} replace />;
}

function ToLogin(): ReactNode {
  const [path] = useLocation();
  const next = path === paths.home ? "" : `?next=${encodeURIComponent(path)}`;
  return <Redirect to={paths.login + next} replace />;
}
