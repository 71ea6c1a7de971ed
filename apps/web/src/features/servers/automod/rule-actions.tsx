import { automodLimits, type AutomodRuleFields } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../../core/client.ts";
import { useCan } from "../../../core/use-can.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { Select } from "../../../ui/select.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { kindsOfNames } from "./presets.ts";

export interface RuleFieldsProps {
  serverId: number;
  rule: AutomodRuleFields;
  onChange: (changes: Partial<AutomodRuleFields>) => void;
}

/** What happens when the rule is met. */
export function RuleActions({ serverId, rule, onChange }: RuleFieldsProps) {
  const { t } = useTranslation("automod");
  const { actions } = rule;
  const mayDelete = useCan(serverId, "manageMessages");
  const mayTimeOut = useCan(serverId, "moderateMembers");
  const change = (changes: Partial<AutomodRuleFields["actions"]>) => onChange({ actions: { ...actions, ...changes } });
  return (
    <section className="flex flex-col gap-4">
      <h4 className="font-semibold">{t("actions.title")}</h4>
      <Switch label={t("actions.block")} checked={actions.block} onChange={(block) => change({ block })} />
      {actions.block ? (
        <Field label={t("actions.message")}>
          <Input
            required
            maxLength={automodLimits.messageLength}
            value={rule.message}
            onChange={(event) => onChange({ message: event.target.value })}
          />
        </Field>
      ) : (
        (mayDelete || actions.delete) && (
          <Switch
            label={t("actions.delete")}
            hint={!mayDelete && t("actions.notYours")}
            checked={actions.delete}
            onChange={(isDeleted) => change({ delete: isDeleted && mayDelete })}
          />
        )
      )}
      <AlertChannel serverId={serverId} actions={actions} onChange={change} />
      {(mayTimeOut || actions.timeout_s > 0) && <TimeOut actions={actions} isAllowed={mayTimeOut} onChange={change} />}
      {kindsOfNames.includes(rule.trigger.kind) && (
        <Switch
          label={t("names")}
          hint={t("namesHint")}
          checked={rule.checks_names}
          onChange={(checks_names) => onChange({ checks_names })}
        />
      )}
    </section>
  );
}

interface ActionsProps {
  actions: AutomodRuleFields["actions"];
  onChange: (changes: Partial<AutomodRuleFields["actions"]>) => void;
}

function AlertChannel({ serverId, actions, onChange }: ActionsProps & { serverId: number }) {
  const { t } = useTranslation("automod");
  const channels = useTextChannels(serverId).map(({ id, name }) => ({ value: `${id}`, label: `#${name}` }));
  return (
    <Field label={t("actions.alert")}>
      <Select
        value={`${actions.alert_channel_id ?? "none"}`}
        options={[{ value: "none", label: t("actions.noAlert") }, ...channels]}
        onChange={(id) => onChange({ alert_channel_id: id === "none" ? null : Number(id) })}
      />
    </Field>
  );
}

/** Who may not time out can only take it out of the rule, which they could not change otherwise. */
function TimeOut({ actions: { timeout_s: seconds }, isAllowed, onChange }: ActionsProps & { isAllowed: boolean }) {
  const { t } = useTranslation(["automod", "moderation"]);
  const options = [
    { value: "0", label: t("actions.noTimeOut") },
    { value: "60", label: t("moderation:duration.minute") },
    { value: "600", label: t("moderation:duration.tenMinutes") },
    { value: "3600", label: t("moderation:duration.hour") },
    { value: "86400", label: t("moderation:duration.day") },
    { value: "604800", label: t("moderation:duration.week") },
  ];
  return (
    <Field label={t("actions.timeOut")} hint={!isAllowed && t("actions.notYours")}>
      <Select
        value={`${seconds}`}
        options={withPresent(isAllowed ? options : options.slice(0, 1), seconds)}
        onChange={(value) => onChange({ timeout_s: Number(value) })}
      />
    </Field>
  );
}

/** A duration that was set by a program, in seconds. */
function withPresent(options: { value: string; label: string }[], seconds: number) {
  const value = `${seconds}`;
  return options.some((option) => option.value === value) ? options : [...options, { value, label: `${value} s` }];
}

/** For whom and where the rule does not hold. */
export function RuleExemptions({ serverId, rule, onChange }: RuleFieldsProps) {
  const { t } = useTranslation("automod");
  const roles = useClientState(
    useShallow((state) => state.servers[serverId]?.roles.filter(({ position }) => position > 0) ?? []),
  );
  const channels = useTextChannels(serverId);
  const { exempt_role_ids: roleIds, exempt_channel_ids: channelIds } = rule;
  return (
    <section className="flex flex-col gap-4">
      <h4 className="font-semibold">{t("exempt.title")}</h4>
      {roles.length > 0 && (
        <Choice
          title={t("exempt.roles")}
          options={roles.toReversed()}
          chosen={roleIds}
          onChange={(exempt_role_ids) => onChange({ exempt_role_ids })}
        />
      )}
      <Choice
        title={t("exempt.channels")}
        options={channels.map(({ id, name }) => ({ id, name: `#${name}` }))}
        chosen={channelIds}
        onChange={(exempt_channel_ids) => onChange({ exempt_channel_ids })}
      />
    </section>
  );
}

interface ChoiceProps {
  title: string;
  options: readonly { id: number; name: string }[];
  chosen: readonly number[];
  onChange: (ids: number[]) => void;
}

function Choice({ title, options, chosen, onChange }: ChoiceProps) {
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">{title}</legend>
      <div className="flex max-h-56 flex-col gap-2 overflow-y-auto p-1">
        {options.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={<span dir="auto">{name}</span>}
            checked={chosen.includes(id)}
            onChange={(isOn) => onChange(isOn ? [...chosen, id] : chosen.filter((one) => one !== id))}
          />
        ))}
      </div>
    </fieldset>
  );
}

function useTextChannels(serverId: number) {
  return useClientState(
    useShallow((state) =>
      Object.values(state.channels)
        .filter((channel) => channel.server_id === serverId && channel.type === "text")
        .toSorted((a, b) => a.position - b.position),
    ),
  );
}
