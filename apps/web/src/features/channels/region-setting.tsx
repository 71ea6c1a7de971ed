import type { ChannelPatch, VoiceRegions } from "@miscord/protocol";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";

/** No name of a region. */
const nearest = "*";

/** Where the calls of a channel are forwarded, and what was changed of it. Nothing where there is nothing to choose from. */
export function useRegionSetting(
  channelId: number,
  isCalled: boolean,
): { settings: Pick<ChannelPatch, "region">; fields: ReactNode } {
  const { t } = useTranslation("voice");
  const [initial] = useState(useClientState((state) => state.channels[channelId]?.region ?? nearest));
  const [region, setRegion] = useState(initial);
  const names = useRegionNames(isCalled);
  const unavailable = initial !== nearest && names !== null && !names.includes(initial) ? [initial] : [];
  const options = [
    { value: nearest, label: t("region.nearest") },
    ...(names ?? []).map((name) => ({ value: name, label: name })),
    ...unavailable.map((name) => ({ value: name, label: t("region.away", { name }) })),
  ];
  const fields = options.length > 1 && (
    <Field label={t("region.label")} hint={t("region.hint")} className="mt-4">
      <Select value={region} onChange={setRegion} options={options} />
    </Field>
  );
  const settings = region === initial ? {} : { region: region === nearest ? null : region };
  return { settings, fields };
}

/** Null until they are known. */
function useRegionNames(isWanted: boolean): string[] | null {
  const client = useClient();
  const [names, setNames] = useState<string[] | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    let isShown = true;
    const asked = client.rest.call<VoiceRegions>("GET", "/api/voice/regions");
    asked.then(
      ({ regions }) => isShown && setNames(regions.map(({ name }) => name)),
      () => isShown && setNames([]),
    );
    return () => {
      isShown = false;
    };
  }, [client, isWanted]);
  return names;
}
