import { ApiError, providerCalls } from "@miscord/client";
import type { Newcomer } from "@miscord/protocol";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearchParams } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { paths } from "../../core/paths.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useToast } from "../../ui/toast.tsx";
import { useGuarded } from "../settings/security/use-guarded.ts";
import { nextAfterVisit } from "../settings/security/use-provider-visit.ts";
import { AuthPage } from "./auth-page.tsx";
import { NewcomerForm } from "./newcomer-form.tsx";
import { type Step, SecondStep, secondStepOf } from "./second-step.tsx";
import { takeHash } from "./take-hash.ts";

type State = "waiting" | { fault: string } | { step: Step } | { newcomer: Newcomer };

/** Refusals of a linking or a confirmation, of which the common words would speak of passwords. */
const problems: Partial<Record<ApiError["code"], "proof" | "taken" | "visit">> = {
  invalid_credentials: "proof",
  conflict: "taken",
  unauthorized: "visit",
};

/** The page at `/continue`, to which browsers come back from a login provider, and that of login links. */
export function ContinuePage() {
  const { t } = useTranslation(["security", "common"]);
  const isMember = useClientState((state) => state.session.me !== null);
  const { state, setState } = useContinuation();
  if (state === "waiting") {
    return (
      <AuthPage title={t("provider.title")}>
        <div role="status" aria-label={t("common:loading")}>
          <Skeleton className="h-20 rounded-md" />
        </div>
      </AuthPage>
    );
  }
  if ("step" in state) {
    return (
      <AuthPage title={t("step.title")}>
        <SecondStep step={state.step} onBack={(reason) => setState({ fault: reason ?? t("step.late") })} />
      </AuthPage>
    );
  }
  if ("newcomer" in state) {
    return isMember ? <LinkPage newcomer={state.newcomer} /> : <NewcomerForm newcomer={state.newcomer} />;
  }
  return (
    <AuthPage title={t("provider.title")}>
      <AlertBanner tone="danger">{state.fault}</AlertBanner>
      <p className="mt-5 text-sm">
        <Link href={isMember ? paths.home : paths.login} className="text-link underline underline-offset-2">
          {t("provider.back")}
        </Link>
      </p>
    </AuthPage>
  );
}

/** Finishes what the browser left for, once. */
function useContinuation() {
  const { t } = useTranslation("security");
  const client = useClient();
  const describe = useDescribeError();
  const toast = useToast();
  const problem = useProblem();
  const [, navigate] = useLocation();
  const meId = useClientState((client) => client.session.me?.id ?? null);
  const [before] = useState(meId);
  const [secret] = useState(takeHash);
  const [state, setState] = useState<State>(problem === null ? "waiting" : { fault: problem });
  const hasBegun = useRef(problem !== null);
  // After the second step the client has a session that this page did not begin with.
  const hasEntered = meId !== null && meId !== before && state !== "waiting" && "step" in state;
  useEffect(() => {
    if (hasEntered) navigate(nextAfterVisit(), { replace: true });
  }, [hasEntered, navigate]);
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    const calls = providerCalls(client.rest);
    const done = (title?: string) => {
      if (title !== undefined) toast({ title, tone: "success" });
      navigate(nextAfterVisit(), { replace: true });
    };
    const finish = async () => {
      if (secret) {
        await client.login({ link: secret });
        return done();
      }
      const outcome = await client.enter(calls.finish);
      if (!("status" in outcome)) return done();
      if (outcome.status === "new") return setState({ newcomer: outcome });
      const { status, provider_name: name } = outcome;
      try {
        await (status === "link" ? calls.link() : calls.confirm());
      } catch (error) {
        const problem = error instanceof ApiError ? problems[error.code] : undefined;
        if (problem === undefined) throw error;
        return setState({ fault: t(`provider.problem.${problem}`, { name }) });
      }
      done(status === "link" ? t("provider.linked", { name }) : t("provider.confirmed"));
    };
    finish().catch((error: unknown) => {
      const step = secondStepOf(error);
      const fault = secret ? t("provider.byLink") : describe(error);
      setState(step ? { step } : { fault });
    });
  }, [client, describe, navigate, secret, t, toast]);
  return { state, setState };
}

/** What went wrong at the provider, in words; null: nothing. */
function useProblem(): string | null {
  const { t } = useTranslation("security");
  const [search] = useSearchParams();
  const providers = useClientState((state) => state.instance?.login?.providers);
  const problem = search.get("problem");
  if (problem === null) return null;
  const name = providers?.find(({ id }) => id === search.get("provider"))?.name ?? "";
  if (problem === "denied" || problem === "unreachable" || problem === "refused") {
    return t(`provider.problem.${problem}`, { name });
  }
  return t("provider.problem.visit");
}

/** Somebody who is logged in came with a login that no account has. */
function LinkPage({ newcomer: { provider_name: name } }: { newcomer: Newcomer }) {
  const { t } = useTranslation("security");
  const client = useClient();
  const toast = useToast();
  const [, navigate] = useLocation();
  const me = useClientState((state) => state.session.me?.display_name ?? "");
  const { busy, run, question } = useGuarded();
  const link = async () => {
    if (!(await run(() => providerCalls(client.rest).link()))) return;
    toast({ title: t("provider.linked", { name }), tone: "success" });
    navigate(paths.home, { replace: true });
  };
  return (
    <AuthPage title={t("provider.linkTitle", { name })} description={t("provider.linkHint", { name, me })}>
      <div className="flex flex-col gap-3">
        <Button variant="primary" size="lg" busy={busy} onClick={() => void link()}>
          {t("provider.link")}
        </Button>
        <Button size="lg" onClick={() => navigate(paths.home, { replace: true })}>
          {t("provider.notNow")}
        </Button>
      </div>
      {question}
    </AuthPage>
  );
}
