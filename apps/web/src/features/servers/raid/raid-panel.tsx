import { safetyCalls } from "@miscord/client";
import type { RaidMode } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { useFormat } from "../../../i18n/format.ts";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { Select } from "../../../ui/select.tsx";
import { type Duration, durationMs } from "../../members/durations.ts";
import { Newcomers } from "./newcomers.tsx";

const durations = ["tenMinutes", "hour", "day"] as const satisfies readonly Duration[];

/** The raid switch: nobody joins, newcomers only read. And those who came lately, to ban them all. */
export function RaidPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("moderation");
  const [reach, setReach] = useState<Duration>("tenMinutes");
  const mode = useClientState((state) => state.servers[serverId]?.raid_mode ?? null);
  // Follows the state, which is told when the mode ends.
  const isOn = useClientState(() => mode !== null && Date.parse(mode.until) > Date.now());
  return (
    <section className="flex flex-col gap-4">
      <div>
        <h3 className="text-lg font-semibold">{t("raid.title")}</h3>
        <p className="text-sm text-muted">{t("raid.description")}</p>
      </div>
      <Field label={t("raid.reach")} className="max-w-64">
        <Select
          value={reach}
          onChange={setReach}
          options={durations.map((value) => ({ value, label: t(`duration.${value}`) }))}
        />
      </Field>
      {isOn && mode ? <RunningRaid serverId={serverId} mode={mode} /> : <Start serverId={serverId} reach={reach} />}
      <Newcomers serverId={serverId} withinMs={durationMs[reach]} />
    </section>
  );
}

function Start({ serverId, reach }: { serverId: number; reach: Duration }) {
  const { t } = useTranslation("moderation");
  const client = useClient();
  const { busy, run } = useAction();
  const [lasts, setLasts] = useState<Duration>("hour");
  const start = () =>
    run(() =>
      safetyCalls(client.rest).setRaidMode(serverId, {
        // Less than the longest one, whatever the clocks say.
        until: new Date(Date.now() + durationMs[lasts] - 60_000).toISOString(),
        minutes: durationMs[reach] / 60_000,
      }),
    );
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Field label={t("raid.lasts")} className="w-64">
        <Select
          value={lasts}
          onChange={setLasts}
          options={durations.map((value) => ({ value, label: t(`duration.${value}`) }))}
        />
      </Field>
      <Button variant="danger" busy={busy} onClick={() => void start()}>
        {t("raid.start")}
      </Button>
    </div>
  );
}

function RunningRaid({ serverId, mode }: { serverId: number; mode: RaidMode }) {
  const { t } = useTranslation("moderation");
  const client = useClient();
  const format = useFormat();
  const { busy, run } = useAction();
  const end = () => run(() => safetyCalls(client.rest).setRaidMode(serverId, { until: null }));
  return (
    <AlertBanner
      tone="danger"
      action={
        <Button size="sm" busy={busy} onClick={() => void end()}>
          {t("raid.end")}
        </Button>
      }
    >
      {t("raid.running", { when: format.dateTime(mode.until) })}
    </AlertBanner>
  );
}
