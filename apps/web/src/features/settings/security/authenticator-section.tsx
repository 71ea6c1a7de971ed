import { ApiError, securityCalls } from "@miscord/client";
import type { AuthenticatorSecret } from "@miscord/protocol";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { CodeInput } from "./code-input.tsx";
import { NotConfirmed, useConfirmed } from "./confirm-identity.tsx";
import type { SectionProps } from "./section-props.ts";
import { useGuarded } from "./use-guarded.ts";

export function AuthenticatorSection({ security: { authenticator }, onChanged }: SectionProps) {
  const { t } = useTranslation("security");
  const calls = securityCalls(useClient().rest);
  const toast = useToast();
  const { busy, run, question } = useGuarded();
  const [secret, setSecret] = useState<AuthenticatorSecret | null>(null);
  const begin = () => run(async () => setSecret(await calls.beginAuthenticator()));
  const remove = async () => {
    if (!(await run(calls.removeAuthenticator))) return;
    toast({ title: t("app.removed") });
    onChanged([]);
  };
  const finished = (codes: readonly string[]) => {
    setSecret(null);
    toast({ title: t("app.done"), tone: "success" });
    onChanged(codes);
  };
  return (
    <PanelSection title={t("app.title")} hint={t("app.hint")}>
      {authenticator ? (
        <div className="flex items-center gap-4">
          <span className="text-sm font-medium text-success-ink">{t("app.on")}</span>
          <Button busy={busy} onClick={() => void remove()}>
            {t("app.remove")}
          </Button>
        </div>
      ) : (
        <Button busy={busy} onClick={() => void begin()}>
          {t("app.add")}
        </Button>
      )}
      {question}
      {secret && <SetupDialog {...secret} onFinished={finished} onClose={() => setSecret(null)} />}
    </PanelSection>
  );
}

interface SetupProps extends AuthenticatorSecret {
  onFinished: (codes: readonly string[]) => void;
  onClose: () => void;
}

function SetupDialog({ secret, uri, onFinished, onClose }: SetupProps) {
  const { t } = useTranslation("security");
  const calls = securityCalls(useClient().rest);
  const describe = useDescribeError();
  const { confirmed, question } = useConfirmed();
  const [code, setCode] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFault(null);
    try {
      onFinished(await confirmed(() => calls.finishAuthenticator(code)));
    } catch (error) {
      const isWrong = error instanceof ApiError && error.code === "invalid_credentials";
      if (!(error instanceof NotConfirmed)) setFault(isWrong ? t("step.wrong") : describe(error));
      setBusy(false);
    }
  }
  return (
    <Dialog open title={t("app.setup")} description={t("app.scan")} onOpenChange={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <QrCode text={uri} label={t("app.picture")} />
        <div>
          <p className="text-sm text-muted">{t("app.key")}</p>
          <p className="mt-1 font-mono text-sm break-all select-all">{secret.match(/.{1,4}/g)?.join(" ")}</p>
        </div>
        <Field label={t("app.code")} error={fault}>
          <CodeInput autoFocus inputMode="numeric" value={code} onChange={(event) => setCode(event.target.value)} />
        </Field>
        <Button type="submit" variant="primary" busy={busy} disabled={code.trim() === ""}>
          {t("app.finish")}
        </Button>
      </form>
      {question}
    </Dialog>
  );
}

/** Dark on light in both themes: several apps read nothing else. */
function QrCode({ text, label }: { text: string; label: string }) {
  const [path, setPath] = useState<{ size: number; d: string } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void drawQrCode(text).then((drawn) => isCurrent && setPath(drawn));
    return () => {
      isCurrent = false;
    };
  }, [text]);
  return (
    <div className="mx-auto size-48">
      {path && (
        <svg role="img" aria-label={label} viewBox={`0 0 ${path.size} ${path.size}`} shapeRendering="crispEdges">
          <rect width="100%" height="100%" fill="white" />
          <path d={path.d} fill="black" />
        </svg>
      )}
    </div>
  );
}

/** The library is loaded with the first code. `d`: a path in units of the code's squares. */
async function drawQrCode(text: string): Promise<{ size: number; d: string }> {
  const { encode } = await import("uqr");
  const { data, size } = encode(text, { border: 2 });
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, d: squares.join("") };
}
