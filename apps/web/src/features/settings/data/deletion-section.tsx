import { dataCalls } from "@miscord/client";
import type { DeletionBody } from "@miscord/protocol";
import { RadioGroup } from "radix-ui";
import { useId, useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState, useMe } from "../../../core/client.ts";
import { closeDialog } from "../../../core/dialog-store.ts";
import { useFormat } from "../../../i18n/format.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { useGuarded } from "../security/use-guarded.ts";

type Messages = DeletionBody["messages"];
const choices = ["keep", "remove"] as const satisfies readonly Messages[];

/** The end of the account, or word of the servers that stand in its way. */
export function DeletionSection() {
  const { t } = useTranslation("settings");
  const [isOpen, setOpen] = useState(false);
  const owned = useOwnedServers();
  return (
    <PanelSection title={t("data.deletion.title")} hint={t("data.deletion.hint")}>
      {owned !== "" && <AlertBanner>{t("data.deletion.owner", { servers: owned })}</AlertBanner>}
      {owned === "" && !isOpen && (
        <Button variant="danger" onClick={() => setOpen(true)}>
          {t("data.deletion.start")}
        </Button>
      )}
      {owned === "" && isOpen && <DeletionForm onCancel={() => setOpen(false)} />}
    </PanelSection>
  );
}

/** The names of the user's servers as a text; empty without any. */
function useOwnedServers(): string {
  const { id } = useMe();
  const format = useFormat();
  const servers = useClientState((state) => state.servers);
  return useMemo(
    () =>
      format.list(
        Object.values(servers)
          .filter(({ owner_id }) => owner_id === id)
          .map(({ name }) => name),
      ),
    [servers, id, format],
  );
}

function DeletionForm({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const client = useClient();
  const [messages, setMessages] = useState<Messages>("keep");
  const { busy, run, question } = useGuarded();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await run(() => dataCalls(client.rest).requestDeletion({ messages }))) closeDialog();
  }

  return (
    <>
      <form onSubmit={(event) => void submit(event)} className="flex max-w-110 flex-col gap-4">
        <MessagesChoice value={messages} onChange={setMessages} />
        <div className="flex gap-2">
          <Button type="submit" variant="danger" busy={busy}>
            {t("data.deletion.submit")}
          </Button>
          <Button variant="ghost" onClick={onCancel}>
            {t("common:cancel")}
          </Button>
        </div>
      </form>
      {question}
    </>
  );
}

function MessagesChoice({ value, onChange }: { value: Messages; onChange: (value: Messages) => void }) {
  const { t } = useTranslation("settings");
  const label = useId();
  return (
    <div>
      <p id={label} className="mb-1.5 text-sm font-medium">
        {t("data.deletion.messages")}
      </p>
      <RadioGroup.Root
        aria-labelledby={label}
        value={value}
        onValueChange={(chosen) => onChange(chosen as Messages)}
        className="grid gap-2"
      >
        {choices.map((choice) => (
          <RadioGroup.Item
            key={choice}
            value={choice}
            className="flex min-h-11 items-center rounded-md border border-line-strong px-3 py-2 text-left text-sm font-medium transition-colors hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
          >
            {t(`data.deletion.${choice}`)}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  );
}
