import { safetyCalls } from "@miscord/client";
import { limits, type Verification } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { SaveForm } from "../../layout/save-form.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { TextArea } from "../../ui/text-area.tsx";

const waits = { any: 0, five: 5, ten: 10, hour: 60, day: 1_440, threeDays: 4_320, week: 10_080 } as const;
type Wait = keyof typeof waits;
const names = Object.keys(waits) as Wait[];
const nothing: Verification = { account_minutes: 0, member_minutes: 0, rules: "" };

/** What the server asks of members before they write for the first time. */
export function VerificationPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("verification");
  const client = useClient();
  const current = useClientState((state) => state.servers[serverId]?.verification) ?? nothing;
  const [wanted, setWanted] = useState(current);
  const change = (fields: Partial<Verification>) => setWanted({ ...wanted, ...fields });
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(current);
  return (
    <section className="flex flex-col gap-4">
      <div>
        <h3 className="text-lg font-semibold">{t("title")}</h3>
        <p className="text-sm text-muted">{t("description")}</p>
      </div>
      <SaveForm
        canSave={isChanged}
        onSave={async () => {
          const { verification } = await safetyCalls(client.rest).setVerification(serverId, wanted);
          setWanted(verification ?? nothing);
        }}
      >
        <div className="mb-4 flex flex-col gap-4">
          <WaitField
            label={t("account")}
            value={wanted.account_minutes}
            onChange={(n) => change({ account_minutes: n })}
          />
          <WaitField
            label={t("member")}
            value={wanted.member_minutes}
            onChange={(n) => change({ member_minutes: n })}
          />
          <Field label={t("rules")} hint={t("rulesHint")}>
            <TextArea
              rows={8}
              value={wanted.rules}
              maxLength={limits.rulesLength}
              onChange={(event) => change({ rules: event.target.value })}
            />
          </Field>
        </div>
      </SaveForm>
    </section>
  );
}

function WaitField({ label, value, onChange }: { label: string; value: number; onChange: (minutes: number) => void }) {
  const { t } = useTranslation("verification");
  return (
    <Field label={label} className="max-w-64">
      <Select
        value={String(value)}
        onChange={(chosen) => onChange(Number(chosen))}
        options={names.map((name) => ({ value: String(waits[name]), label: t(`minutes.${name}`) }))}
      />
    </Field>
  );
}
