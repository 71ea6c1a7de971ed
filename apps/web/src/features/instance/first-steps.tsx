import type { AccountPage } from "@miscord/protocol";
import { Check, Circle } from "lucide-react";
import { type ReactNode, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { stored } from "../../core/stored.ts";
import { useHasMail } from "../../core/use-has-mail.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { Button } from "../../ui/button.tsx";

type StepName = "server" | "https" | "mail" | "voice" | "people";

const dismissedKey = "first-steps.dismissed";
const voiceKey = "first-steps.voice";

/** What the administrator of a new instance does first. Goes away when all is done, or by a press. */
export function FirstSteps() {
  const { t } = useTranslation("instance");
  const done = useDone();
  const [isDismissed, setDismissed] = useState(stored.get(dismissedKey) !== null);
  if (isDismissed || !done || Object.values(done).every(Boolean)) return null;
  const dismiss = () => {
    stored.set(dismissedKey, "1");
    setDismissed(true);
  };
  return (
    <section aria-labelledby="first-steps" className="m-4 rounded-md border border-line p-4">
      <div className="flex items-center justify-between gap-3">
        <h2 id="first-steps" className="font-semibold">
          {t("first.title")}
        </h2>
        <Button size="sm" variant="ghost" onClick={dismiss}>
          {t("first.dismiss")}
        </Button>
      </div>
      <ul className="mt-2 divide-y divide-line">
        <Step name="server" isDone={done.server}>
          <Button size="sm" onClick={() => openDialog({ kind: "add-server" })}>
            {t("first.server.do")}
          </Button>
        </Step>
        <Step name="https" isDone={done.https} />
        <Step name="mail" isDone={done.mail} />
        <Step name="voice" isDone={done.voice}>
          <Button
            size="sm"
            onClick={() => {
              stored.set(voiceKey, "1");
              openDialog({ kind: "settings", tab: "voice" });
            }}
          >
            {t("first.voice.do")}
          </Button>
        </Step>
        <Step name="people" isDone={done.people} />
      </ul>
    </section>
  );
}

/** Null until it is known. */
function useDone(): Record<StepName, boolean> | null {
  const { rest } = useClient();
  const owns = useClientState(({ servers, session }) =>
    Object.values(servers).some(({ owner_id }) => owner_id === session.me?.id),
  );
  const mail = useHasMail();
  const { loaded } = useLoaded(
    useCallback(() => rest.call<AccountPage>("GET", "/api/accounts", { query: { search: "" } }), [rest]),
  );
  if (!loaded.value) return null;
  return {
    server: owns,
    https: location.protocol === "https:",
    mail,
    voice: stored.get(voiceKey) !== null,
    people: loaded.value.accounts.length > 1,
  };
}

function Step({ name, isDone, children }: { name: StepName; isDone: boolean; children?: ReactNode }) {
  const { t } = useTranslation("instance");
  const Icon = isDone ? Check : Circle;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2 text-sm">
      <Icon size={18} role="img" aria-label={t(isDone ? "first.done" : "first.open")} className="shrink-0 text-link" />
      <span className="min-w-50 flex-1">
        <span className="font-medium">{t(`first.${name}.title`)}</span>
        {!isDone && <span className="block text-muted">{t(`first.${name}.hint`)}</span>}
      </span>
      {!isDone && children}
    </li>
  );
}
