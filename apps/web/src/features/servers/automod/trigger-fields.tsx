import type { AutomodTrigger } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Field } from "../../../ui/field.tsx";
import { Select } from "../../../ui/select.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { LinesField } from "./lines-field.tsx";
import { NumberField } from "./number-field.tsx";

interface FieldsProps<Kind extends AutomodTrigger["kind"]> {
  trigger: Extract<AutomodTrigger, { kind: Kind }>;
  onChange: (trigger: AutomodTrigger) => void;
}

/** What a rule watches for, by its kind. */
export function TriggerFields({ trigger, onChange }: FieldsProps<AutomodTrigger["kind"]>) {
  switch (trigger.kind) {
    case "words":
      return <WordsFields {...{ trigger, onChange }} />;
    case "links":
      return <LinksFields {...{ trigger, onChange }} />;
    case "invites":
      return <InvitesFields {...{ trigger, onChange }} />;
    case "repeats":
      return <RepeatsFields {...{ trigger, onChange }} />;
    case "capitals":
      return <CapitalsFields {...{ trigger, onChange }} />;
    case "mentions":
    case "emoji":
      return <MostField {...{ trigger, onChange }} />;
  }
}

function WordsFields({ trigger, onChange }: FieldsProps<"words">) {
  const { t } = useTranslation("automod");
  return (
    <>
      <LinesField
        label={t("words.label")}
        hint={t("words.hint")}
        lines={trigger.words}
        onChange={(words) => onChange({ ...trigger, words })}
      />
      <LinesField
        label={t("words.allowed")}
        hint={t("words.allowedHint")}
        lines={trigger.allowed}
        onChange={(allowed) => onChange({ ...trigger, allowed })}
      />
      <Switch
        label={t("words.forms")}
        hint={t("words.formsHint")}
        checked={trigger.forms}
        onChange={(forms) => onChange({ ...trigger, forms })}
      />
    </>
  );
}

function LinksFields({ trigger, onChange }: FieldsProps<"links">) {
  const { t } = useTranslation("automod");
  const modes = [
    { value: "except", label: t("links.except") },
    { value: "only", label: t("links.only") },
  ] as const;
  return (
    <>
      <Field label={t("links.mode")}>
        <Select value={trigger.mode} options={modes} onChange={(mode) => onChange({ ...trigger, mode })} />
      </Field>
      <LinesField
        label={t("links.domains")}
        hint={t("links.domainsHint")}
        lines={trigger.domains}
        onChange={(domains) => onChange({ ...trigger, domains })}
      />
      <NumberField
        label={t("links.age")}
        value={trigger.account_age_days}
        min={0}
        max={365}
        onChange={(account_age_days) => onChange({ ...trigger, account_age_days })}
      />
    </>
  );
}

function InvitesFields({ trigger, onChange }: FieldsProps<"invites">) {
  const { t } = useTranslation("automod");
  return (
    <LinesField
      label={t("invites.allowed")}
      hint={t("invites.allowedHint")}
      lines={trigger.allowed}
      onChange={(allowed) => onChange({ ...trigger, allowed })}
    />
  );
}

function RepeatsFields({ trigger, onChange }: FieldsProps<"repeats">) {
  const { t } = useTranslation("automod");
  return (
    <>
      <NumberField
        label={t("repeats.times")}
        value={trigger.times}
        min={2}
        max={20}
        onChange={(times) => onChange({ ...trigger, times })}
      />
      <NumberField
        label={t("repeats.window")}
        value={trigger.window_s}
        min={5}
        max={3_600}
        onChange={(window_s) => onChange({ ...trigger, window_s })}
      />
      <NumberField
        label={t("repeats.inMessage")}
        value={trigger.in_message}
        min={3}
        max={100}
        onChange={(in_message) => onChange({ ...trigger, in_message })}
      />
    </>
  );
}

function CapitalsFields({ trigger, onChange }: FieldsProps<"capitals">) {
  const { t } = useTranslation("automod");
  return (
    <>
      <NumberField
        label={t("capitals.percent")}
        value={trigger.percent}
        min={50}
        max={100}
        onChange={(percent) => onChange({ ...trigger, percent })}
      />
      <NumberField
        label={t("capitals.letters")}
        value={trigger.letters}
        min={5}
        max={500}
        onChange={(letters) => onChange({ ...trigger, letters })}
      />
    </>
  );
}

function MostField({ trigger, onChange }: FieldsProps<"mentions" | "emoji">) {
  const { t } = useTranslation("automod");
  const isEmoji = trigger.kind === "emoji";
  return (
    <NumberField
      label={t(isEmoji ? "emoji.most" : "mentions.most")}
      value={trigger.most}
      min={1}
      max={isEmoji ? 200 : 50}
      onChange={(most) => onChange({ ...trigger, most })}
    />
  );
}
