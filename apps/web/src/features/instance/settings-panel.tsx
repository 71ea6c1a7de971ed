import {
  type AdminFactor,
  type DiscoveryMode,
  instanceLimits,
  type InstanceSettings,
  type InstanceSettingsPatch,
  type LinkPreviewMode,
  type RegistrationMode,
  type ServerCreation,
} from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { FailedPart } from "../../core/failed-part.tsx";
import { useFormat } from "../../i18n/format.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { SaveForm } from "../../layout/save-form.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { RetentionSection } from "./retention-section.tsx";
import { Switch } from "../../ui/switch.tsx";

const path = "/api/instance/settings";
const megabyte = 1_048_576;
const modes = ["open", "invite", "approval", "closed"] as const;
const creators = ["everyone", "admins"] as const;
const previewModes = ["on", "off"] as const;
/** A choice of the environment's value. */
const unset = "unset";

/** What takes effect on the whole instance without a restart. */
export function SettingsPanel() {
  const { t } = useTranslation("instance");
  const { rest } = useClient();
  const { loaded, reload } = useLoaded(useCallback(() => rest.call<InstanceSettings>("GET", path), [rest]));
  return (
    <>
      <PanelSection title={t("settings.title")} hint={t("settings.hint")}>
        {loaded.status === "loading" && <Skeleton className="h-60 rounded-md" />}
        {loaded.status === "failed" && <FailedPart />}
        {loaded.status === "ready" && (
          <SettingsForm key={JSON.stringify(loaded.value)} settings={loaded.value} onSaved={reload} />
        )}
      </PanelSection>
      {loaded.status === "ready" && (
        <RetentionSection key={`retention ${JSON.stringify(loaded.value)}`} settings={loaded.value} onSaved={reload} />
      )}
    </>
  );
}

interface Fields {
  registration: RegistrationMode | typeof unset;
  server_creation: ServerCreation | typeof unset;
  discovery: DiscoveryMode;
  admin_factor: AdminFactor;
  link_previews: LinkPreviewMode | typeof unset;
  megabytes: string;
  messages: string;
}

/** The fields as they are shown; empty numbers are those of the environment. */
function shown({ set }: InstanceSettings): Fields {
  return {
    registration: set.registration ?? unset,
    server_creation: set.server_creation ?? unset,
    discovery: set.discovery ?? "off",
    admin_factor: set.admin_factor ?? "optional",
    link_previews: set.link_previews ?? unset,
    megabytes: set.max_upload_bytes === null ? "" : String(set.max_upload_bytes / megabyte),
    messages: set.messages_per_second === null ? "" : String(set.messages_per_second),
  };
}

function bodyOf(fields: Fields): InstanceSettingsPatch {
  const number = (text: string) => (text.trim() === "" ? null : Number(text));
  const megabytes = number(fields.megabytes);
  return {
    registration: fields.registration === unset ? null : fields.registration,
    server_creation: fields.server_creation === unset ? null : fields.server_creation,
    discovery: fields.discovery === "on" ? "on" : null,
    admin_factor: fields.admin_factor === "required" ? "required" : null,
    link_previews: fields.link_previews === unset ? null : fields.link_previews,
    max_upload_bytes: megabytes === null ? null : Math.round(megabytes * megabyte),
    messages_per_second: number(fields.messages),
  };
}

function SettingsForm({ settings, onSaved }: { settings: InstanceSettings; onSaved: () => void }) {
  const { t } = useTranslation("instance");
  const { rest } = useClient();
  const format = useFormat();
  const { defaults } = settings;
  const [fields, setFields] = useState(() => shown(settings));
  const change = (changed: Partial<typeof fields>) => setFields({ ...fields, ...changed });
  const isChanged = JSON.stringify(fields) !== JSON.stringify(shown(settings));
  const asSet = (variable: string, value: string) => t("settings.byDefault", { variable, value });
  return (
    <SaveForm
      canSave={isChanged}
      onSave={async () => {
        await rest.call<InstanceSettings>("PATCH", path, { body: bodyOf(fields) });
        onSaved();
      }}
    >
      <div className="mb-4 flex max-w-md flex-col gap-4">
        <Choices settings={settings} fields={fields} onChange={change} />
        <Switch
          label={t("settings.discovery")}
          hint={t("settings.discoveryHint")}
          checked={fields.discovery === "on"}
          onChange={(isOn) => change({ discovery: isOn ? "on" : "off" })}
        />
        <Switch
          label={t("settings.adminFactor")}
          hint={t("settings.adminFactorHint")}
          checked={fields.admin_factor === "required"}
          onChange={(isOn) => change({ admin_factor: isOn ? "required" : "optional" })}
        />
        <NumberField
          label={t("settings.upload")}
          byDefault={asSet("MAX_UPLOAD_BYTES", format.fileSize(defaults.max_upload_bytes))}
          range={[instanceLimits.uploadBytesMin / megabyte, instanceLimits.uploadBytes / megabyte]}
          value={fields.megabytes}
          onChange={(megabytes) => change({ megabytes })}
        />
        <NumberField
          label={t("settings.messages")}
          byDefault={asSet("RATE_MESSAGES", format.number(defaults.messages_per_second))}
          range={[0.1, instanceLimits.messagesPerSecond]}
          value={fields.messages}
          onChange={(messages) => change({ messages })}
        />
      </div>
    </SaveForm>
  );
}

interface ChoicesProps {
  settings: InstanceSettings;
  fields: Fields;
  onChange: (changed: Partial<Fields>) => void;
}

function Choices({ settings: { defaults }, fields, onChange }: ChoicesProps) {
  const { t } = useTranslation("instance");
  const asSet = (variable: string, value: string) => t("settings.byDefault", { variable, value });
  const { registration, server_creation: creation } = fields;
  const mode = registration === unset ? defaults.registration : registration;
  return (
    <>
      <Field label={t("settings.registration")} hint={t(`settings.modeHints.${mode}`)}>
        <Select
          value={registration}
          onChange={(value) => onChange({ registration: value })}
          options={[
            { value: unset, label: asSet("REGISTRATION", t(`settings.modes.${defaults.registration}`)) },
            ...modes.map((value) => ({ value, label: t(`settings.modes.${value}`) })),
          ]}
        />
      </Field>
      <Field label={t("settings.creation")}>
        <Select
          value={creation}
          onChange={(value) => onChange({ server_creation: value })}
          options={[
            { value: unset, label: asSet("SERVER_CREATION", t(`settings.creators.${defaults.server_creation}`)) },
            ...creators.map((value) => ({ value, label: t(`settings.creators.${value}`) })),
          ]}
        />
      </Field>
      <Field label={t("settings.previews")} hint={t("settings.previewsHint")}>
        <Select
          value={fields.link_previews}
          onChange={(value) => onChange({ link_previews: value })}
          options={[
            { value: unset, label: asSet("LINK_PREVIEWS", t(`settings.previewModes.${defaults.link_previews}`)) },
            ...previewModes.map((value) => ({ value, label: t(`settings.previewModes.${value}`) })),
          ]}
        />
      </Field>
    </>
  );
}

interface NumberFieldProps {
  label: string;
  byDefault: string;
  range: readonly [min: number, max: number];
  value: string;
  onChange: (value: string) => void;
}

/** Empty: the environment's value. */
function NumberField({ label, byDefault, range: [min, max], value, onChange }: NumberFieldProps) {
  return (
    <Field label={label} hint={byDefault}>
      <Input
        type="number"
        min={min}
        max={max}
        step="any"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
