import { ApiError, securityCalls } from "@miscord/client";
import type { ConfirmationDetails, ConfirmBody, ProofMethod } from "@miscord/protocol";
import { KeyRound } from "lucide-react";
import { type FormEvent, type ReactNode, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { useAction } from "../../../core/use-action.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { PasswordInput } from "../../../ui/password-input.tsx";
import { CodeInput } from "./code-input.tsx";
import { useProviderVisit } from "./use-provider-visit.ts";
import { useHasPasskeys, usePasskey } from "./use-passkey.ts";

interface Question {
  methods: readonly ProofMethod[];
  /** `false`: the user thought better of it. */
  answered: (isConfirmed: boolean) => void;
}

/** The user closed the question instead of answering it. */
export class NotConfirmed extends Error {}

/**
 * `confirmed` runs work that the server does only for users who have proved lately who they are: it asks them when the
 * server says so, and then runs the work again. Rejects with `NotConfirmed` when they do not answer. `question` has to be
 * rendered.
 */
export function useConfirmed(): { confirmed: <T>(work: () => Promise<T>) => Promise<T>; question: ReactNode } {
  const [asked, setAsked] = useState<Question | null>(null);
  async function confirmed<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "confirmation_required") throw error;
      const { methods } = error.details as ConfirmationDetails;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      setAsked({ methods, answered: resolve });
      const isConfirmed = await promise;
      setAsked(null);
      if (!isConfirmed) throw new NotConfirmed();
      return work();
    }
  }
  return { confirmed, question: asked && <ConfirmDialog {...asked} /> };
}

function ConfirmDialog({ methods, answered }: Question) {
  const { t } = useTranslation("security");
  const hasPasskey = useHasPasskeys() && methods.includes("passkey");
  const { answer, busy, fault } = useProof(answered);
  return (
    <Dialog open title={t("confirm.title")} description={t("confirm.description")} onOpenChange={() => answered(false)}>
      {fault?.place === "banner" && (
        <AlertBanner tone="danger" className="mb-4">
          {fault.text}
        </AlertBanner>
      )}
      <ProofForm methods={methods} busy={busy} error={fault?.place === "field" && fault.text} onProof={answer} />
      {hasPasskey && <PasskeyProof busy={busy} onProof={answer} />}
      {methods.includes("provider") && <ProviderProof />}
      {!hasPasskey && methods.every((method) => method === "passkey") && (
        <AlertBanner>{t("step.impossible")}</AlertBanner>
      )}
    </Dialog>
  );
}

type Answer = (proof: () => Promise<ConfirmBody>) => Promise<void>;

function useProof(answered: (isConfirmed: boolean) => void) {
  const { t } = useTranslation("security");
  const calls = securityCalls(useClient().rest);
  const describe = useDescribeError();
  const passkey = usePasskey();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<{ place: "banner" | "field"; text: string } | null>(null);
  const answer: Answer = async (proof) => {
    if (busy) return;
    setBusy(true);
    setFault(null);
    let body: ConfirmBody = {};
    try {
      body = await proof();
      await calls.confirm(body);
      answered(true);
    } catch (error) {
      const isWrong = error instanceof ApiError && error.code === "invalid_credentials";
      if (isWrong && "password" in body) setFault({ place: "field", text: t("confirm.wrong") });
      else if (isWrong && "code" in body) setFault({ place: "field", text: t("step.wrong") });
      else setFault({ place: "banner", text: error instanceof ApiError ? describe(error) : passkey.describe(error) });
      setBusy(false);
    }
  };
  return { answer, busy, fault };
}

interface ProofProps {
  busy: boolean;
  onProof: Answer;
}

function ProofForm(props: ProofProps & { methods: readonly ProofMethod[]; error: string | false | undefined }) {
  const { methods, busy, error, onProof } = props;
  const { t } = useTranslation("security");
  const [value, setValue] = useState("");
  const isPassword = methods.includes("password");
  if (!isPassword && !methods.includes("authenticator") && !methods.includes("recovery_code")) return null;
  function submit(event: FormEvent) {
    event.preventDefault();
    void onProof(async () => (isPassword ? { password: value } : { code: value }));
  }
  const inputProps = {
    autoFocus: true,
    value,
    onChange: (event: { target: { value: string } }) => setValue(event.target.value),
  };
  const codeLabel = methods.includes("authenticator") ? t("step.code") : t("step.recoveryCode");
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={isPassword ? t("confirm.password") : codeLabel} error={error}>
        {isPassword ? (
          <PasswordInput required autoComplete="current-password" {...inputProps} />
        ) : (
          <CodeInput {...inputProps} />
        )}
      </Field>
      <Button type="submit" variant="primary" busy={busy} disabled={value === ""}>
        {t("confirm.submit")}
      </Button>
    </form>
  );
}

/** Leaves the page: the user comes back confirmed, and does again what they were about to do. */
function ProviderProof() {
  const { t } = useTranslation("security");
  const [path] = useLocation();
  const client = useClient();
  const providers = useClientState((state) => state.instance?.login?.providers) ?? [];
  const { loaded } = useLoaded(useCallback(() => securityCalls(client.rest).security(), [client]));
  const { busy, run } = useAction();
  const visit = useProviderVisit();
  const linked = loaded.status === "ready" ? loaded.value.identities : [];
  return providers
    .filter(({ id }) => linked.some(({ provider }) => provider === id))
    .map(({ id, name }) => (
      <Button
        key={id}
        className="mt-3 w-full"
        busy={busy}
        onClick={() => void run(() => visit(id, { purpose: "confirm", next: path }))}
      >
        {t("provider.with", { name })}
      </Button>
    ));
}

function PasskeyProof({ busy, onProof }: ProofProps) {
  const { t } = useTranslation("security");
  const { prove } = usePasskey();
  return (
    <Button
      className="mt-3 w-full"
      busy={busy}
      icon={<KeyRound size={16} aria-hidden />}
      onClick={() => void onProof(async () => ({ passkey: await prove() }))}
    >
      {t("passkey.use")}
    </Button>
  );
}
