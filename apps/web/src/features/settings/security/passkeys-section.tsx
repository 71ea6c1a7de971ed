import { securityCalls } from "@miscord/client";
import { describeUserAgent, limits, type Passkey } from "@miscord/protocol";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { useFormat } from "../../../i18n/format.ts";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { NotConfirmed, useConfirmed } from "./confirm-identity.tsx";
import type { SectionProps } from "./section-props.ts";
import { useGuarded } from "./use-guarded.ts";
import { useHasPasskeys, usePasskey } from "./use-passkey.ts";

export function PasskeysSection({ security: { passkeys, passkeys_possible }, onChanged }: SectionProps) {
  const { t } = useTranslation("security");
  const isOffered = useHasPasskeys() && passkeys_possible;
  const [isAdding, setAdding] = useState(false);
  const added = (codes: readonly string[]) => {
    setAdding(false);
    onChanged(codes);
  };
  return (
    <PanelSection title={t("passkeys.title")} hint={isOffered ? t("passkeys.hint") : t("passkeys.impossible")}>
      {passkeys.length > 0 && (
        <ul className="mb-3 divide-y divide-line">
          {passkeys.map((passkey) => (
            <li key={passkey.id} className="flex min-h-12 items-center gap-3 py-1.5">
              <PasskeyItem passkey={passkey} onRemoved={() => onChanged([])} />
            </li>
          ))}
        </ul>
      )}
      {isOffered && passkeys.length === 0 && <p className="mb-3 text-sm text-faint">{t("passkeys.none")}</p>}
      {isOffered && <Button onClick={() => setAdding(true)}>{t("passkeys.add")}</Button>}
      {isAdding && <AddDialog onAdded={added} onClose={() => setAdding(false)} />}
    </PanelSection>
  );
}

function PasskeyItem({ passkey: { id, name, created_at }, onRemoved }: { passkey: Passkey; onRemoved: () => void }) {
  const { t } = useTranslation("security");
  const calls = securityCalls(useClient().rest);
  const format = useFormat();
  const { busy, run, question } = useGuarded();
  const remove = async () => {
    if (await run(() => calls.removePasskey(id))) onRemoved();
  };
  return (
    <>
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate text-sm font-medium">
          {name}
        </p>
        <p className="text-sm text-faint">{t("passkeys.created", { when: format.date(created_at) })}</p>
      </div>
      <Button size="sm" busy={busy} aria-label={t("passkeys.removeOf", { name })} onClick={() => void remove()}>
        {t("passkeys.remove")}
      </Button>
      {question}
    </>
  );
}

function AddDialog({ onAdded, onClose }: { onAdded: (codes: readonly string[]) => void; onClose: () => void }) {
  const { t } = useTranslation("security");
  const calls = securityCalls(useClient().rest);
  const toast = useToast();
  const { create, describe } = usePasskey();
  const { confirmed, question } = useConfirmed();
  const [name, setName] = useState(() => describeUserAgent(navigator.userAgent).slice(0, limits.passkeyNameLength));
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFault(null);
    try {
      const passkey = await confirmed(create);
      const codes = await confirmed(() => calls.addPasskey(passkey, name.trim()));
      toast({ title: t("passkeys.added"), tone: "success" });
      onAdded(codes);
    } catch (error) {
      if (!(error instanceof NotConfirmed)) setFault(describe(error));
      setBusy(false);
    }
  }
  return (
    <Dialog open title={t("passkeys.add")} onOpenChange={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {fault !== null && <AlertBanner tone="danger">{fault}</AlertBanner>}
        <Field label={t("passkeys.name")}>
          <Input
            autoFocus
            required
            autoComplete="off"
            maxLength={limits.passkeyNameLength}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="primary" busy={busy} disabled={name.trim() === ""}>
          {t("passkeys.create")}
        </Button>
      </form>
      {question}
    </Dialog>
  );
}
