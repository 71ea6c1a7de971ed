import { retentionLimits, type Retention } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";

/** Numbers as they are typed; empty: none. */
export type RuleTexts = Record<keyof Retention, string>;

export function asFields(rule: Retention): RuleTexts {
  const text = (value: number) => (value === 0 ? "" : String(value));
  return { message_days: text(rule.message_days), file_days: text(rule.file_days), file_mb: text(rule.file_mb) };
}

export function ruleOf(fields: RuleTexts): Retention {
  const whole = (value: string) => Math.max(0, Math.trunc(Number(value) || 0));
  return {
    message_days: whole(fields.message_days),
    file_days: whole(fields.file_days),
    file_mb: whole(fields.file_mb),
  };
}

interface RuleFieldsProps {
  fields: RuleTexts;
  onChange: (changed: Partial<RuleTexts>) => void;
}

export function RuleFields({ fields, onChange }: RuleFieldsProps) {
  const { t } = useTranslation("retention");
  const input = (name: keyof RuleTexts, max: number) => (
    <Field label={t(`fields.${name}`)} hint={t(`hints.${name}`)}>
      <Input
        type="number"
        min={0}
        max={max}
        step={1}
        placeholder={t(`empty.${name}`)}
        value={fields[name]}
        onChange={(event) => onChange({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <>
      {input("message_days", retentionLimits.days)}
      {input("file_days", retentionLimits.days)}
      {fields.file_days !== "" && input("file_mb", retentionLimits.megabytes)}
    </>
  );
}
