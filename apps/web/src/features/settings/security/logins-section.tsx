import { providerCalls } from "@miscord/client";
import type { Identity } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../../../core/client.ts";
import { useFormat } from "../../../i18n/format.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { Button } from "../../../ui/button.tsx";
import type { SectionProps } from "./section-props.ts";
import { useGuarded } from "./use-guarded.ts";
import { useProviderVisit } from "./use-provider-visit.ts";

/** Logins at providers that are linked to the account, and those that can be. */
export function LoginsSection({ security: { identities }, onChanged }: SectionProps) {
  const { t } = useTranslation("security");
  const [path] = useLocation();
  const providers = useClientState((state) => state.instance?.login?.providers) ?? [];
  const { busy, run, question } = useGuarded();
  const visit = useProviderVisit();
  const free = providers.filter(({ id }) => !identities.some(({ provider }) => provider === id));
  if (providers.length === 0 && identities.length === 0) return null;
  return (
    <PanelSection title={t("logins.title")} hint={t("logins.hint")}>
      {identities.length > 0 && (
        <ul className="mb-3 divide-y divide-line">
          {identities.map((identity) => (
            <li key={identity.id} className="flex min-h-12 items-center gap-3 py-1.5">
              <LoginItem identity={identity} onRemoved={() => onChanged([])} />
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        {free.map(({ id, name }) => (
          <Button key={id} busy={busy} onClick={() => void run(() => visit(id, { purpose: "link", next: path }))}>
            {t("logins.link", { name })}
          </Button>
        ))}
      </div>
      {question}
    </PanelSection>
  );
}

function LoginItem({ identity, onRemoved }: { identity: Identity; onRemoved: () => void }) {
  const { t } = useTranslation("security");
  const client = useClient();
  const format = useFormat();
  const { busy, run, question } = useGuarded();
  const providers = useClientState((state) => state.instance?.login?.providers);
  const name = providers?.find(({ id }) => id === identity.provider)?.name ?? t("logins.gone");
  const unlink = async () => {
    if (await run(() => providerCalls(client.rest).unlink(identity.id))) onRemoved();
  };
  return (
    <>
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">
          {name} · <bdi>{identity.label}</bdi>
        </p>
        <p className="text-sm text-faint">{t("passkeys.created", { when: format.date(identity.created_at) })}</p>
      </div>
      <Button size="sm" busy={busy} aria-label={t("logins.unlinkOf", { name })} onClick={() => void unlink()}>
        {t("logins.unlink")}
      </Button>
      {question}
    </>
  );
}
