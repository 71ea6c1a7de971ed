import { ApiError } from "@miscord/client";
import type { LoginBody, SecondStepDetails } from "@miscord/protocol";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { CodeInput } from "../settings/security/code-input.tsx";
import { useHasPasskeys, usePasskey } from "../settings/security/use-passkey.ts";

export interface Step {
  ticket: string;
  methods: SecondStepDetails["methods"];
}

/** The second step that a refused login asks for; null for any other error. */
export function secondStepOf(error: unknown): Step | null {
  if (!(error instanceof ApiError) || error.code !== "second_factor_required") return null;
  const { ticket, methods } = error.details as SecondStepDetails;
  return ticket === undefined ? null : { ticket, methods };
}

interface SecondStepProps {
  step: Step;
  /** `reason`: why the login has to begin again. */
  onBack: (reason: string | null) => void;
}

/** After the password: a code, a recovery code or a passkey. After it the routes replace the page. */
export function SecondStep({ step: { ticket, methods }, onBack }: SecondStepProps) {
  const { t } = useTranslation("security");
  const hasPasskeys = useHasPasskeys();
  const { prove } = usePasskey();
  const { enter, busy, fault } = useStep(onBack);
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter("code", async () => ({ ticket, code }));
  };
  const hasApp = methods.includes("authenticator");
  const hasCode = hasApp || methods.includes("recovery_code");
  const hasPasskey = hasPasskeys && methods.includes("passkey");
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">{t("step.description")}</p>
      {fault?.place === "banner" && <AlertBanner tone="danger">{fault.text}</AlertBanner>}
      {!hasCode && !hasPasskey && <AlertBanner>{t("step.impossible")}</AlertBanner>}
      {hasCode && (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field
            label={hasApp ? t("step.code") : t("step.recoveryCode")}
            error={fault?.place === "field" && fault.text}
          >
            <CodeInput autoFocus name="code" value={code} onChange={(event) => setCode(event.target.value)} />
          </Field>
          <Button type="submit" variant="primary" size="lg" busy={busy}>
            {t("step.submit")}
          </Button>
        </form>
      )}
      {hasPasskey && (
        <Button
          size="lg"
          busy={busy}
          icon={<KeyRound size={18} aria-hidden />}
          onClick={() => void enter("passkey", async () => ({ ticket, passkey: await prove(ticket) }))}
        >
          {t("passkey.use")}
        </Button>
      )}
      <Button variant="ghost" onClick={() => onBack(null)}>
        {t("step.back")}
      </Button>
    </div>
  );
}

function useStep(onBack: SecondStepProps["onBack"]) {
  const { t } = useTranslation("security");
  const client = useClient();
  const describe = useDescribeError();
  const passkey = usePasskey();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<{ place: "banner" | "field"; text: string } | null>(null);
  async function enter(kind: "code" | "passkey", body: () => Promise<LoginBody>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setFault(null);
    try {
      await client.login(await body());
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiError && error.code === "unauthorized") onBack(t("step.late"));
      else if (kind === "passkey") setFault({ place: "banner", text: passkey.describe(error) });
      else if (error instanceof ApiError && error.code === "invalid_credentials") {
        setFault({ place: "field", text: t("step.wrong") });
      } else setFault({ place: "banner", text: describe(error) });
    }
  }
  return { enter, busy, fault };
}
