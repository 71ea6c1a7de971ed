import type { ReactNode } from "react";
import { Redirect, Route, Switch, useLocation, useSearchParams } from "wouter";
import { ClaimPage } from "../features/auth/claim-page.tsx";
import { InvitePage } from "../features/auth/invite-page.tsx";
import { LoginPage } from "../features/auth/login-page.tsx";
import { RegisterPage } from "../features/auth/register-page.tsx";
import { useClientState } from "./client.ts";
import { Shell } from "./layout/shell.tsx";
import { StartingPage } from "./layout/starting-page.tsx";
import { paths, safeNext } from "./paths.ts";

export function Routes() {
  const status = useClientState((state) => state.session.status);
  if (status === "unknown") return <StartingPage />;
  const isMember = status === "authenticated";
  return (
    <Switch>
      <Route path={paths.login}>{isMember ? <ToNext /> : <LoginPage />}</Route>
      <Route path={paths.register}>{isMember ? <AfterRegistration /> : <RegisterPage />}</Route>
      <Route path="/invite/:code">{({ code }) => <InvitePage code={code} />}</Route>
      <Route path={paths.claim}>
        <ClaimPage />
      </Route>
      <Route>{isMember ? <Shell /> : <ToLogin />}</Route>
    </Switch>
  );
}

function ToNext(): ReactNode {
  const [search] = useSearchParams();
  return <Redirect to={safeNext(search.get("next"))} replace />;
}

/** Where registration is by invitation it used the invite up, and has joined: the home page leads into that server. */
function AfterRegistration(): ReactNode {
  const [search] = useSearchParams();
  const hasJoined = useClientState((state) => state.instance?.registration === "invite");
  const next = safeNext(search.get("next"));
  return <Redirect to={hasJoined && next.startsWith("/invite/") ? paths.home : next} replace />;
}

function ToLogin(): ReactNode {
  const [path] = useLocation();
  const next = path === paths.home ? "" : `?next=${encodeURIComponent(path)}`;
  return <Redirect to={paths.login + next} replace />;
}
