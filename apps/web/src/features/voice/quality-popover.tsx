import type { PeerSample } from "@miscord/client";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import { Popover } from "../../ui/popover.tsx";
import { QualityMark } from "./quality-mark.tsx";
import { Sparkline } from "./sparkline.tsx";
import { useCall } from "./use-call.ts";

const shownSamples = 30;

/** Live measurements of each connection of the call. */
export function QualityPopover({ trigger }: { trigger: ReactElement }) {
  const { t } = useTranslation("voice");
  return (
    <Popover trigger={trigger} label={t("quality.title")} side="top" className="w-84 max-w-[calc(100vw-1rem)]">
      <QualityList />
    </Popover>
  );
}

function QualityList() {
  const { t } = useTranslation("voice");
  const participants = useCall((state) => state.participants);
  const showsAddresses = useCall((state) => state.showsAddresses);
  const ofUnit = useCall((state) => state.samples);
  const others = Object.values(participants);
  return (
    <div className="max-h-96 overflow-y-auto p-3.5">
      <h2 className="mb-2 font-semibold">{t("quality.title")}</h2>
      {others.length === 0 && <p className="text-sm text-muted">{t("quality.alone")}</p>}
      {showsAddresses && <p className="mb-2 text-sm text-muted">{t("stage.addresses")}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {ofUnit.length > 0 ? (
          <ConnectionQuality name={t("qualityOfServer")} samples={ofUnit} />
        ) : (
          others.map((person) => (
            <ConnectionQuality key={person.user_id} name={person.display_name} samples={person.samples} />
          ))
        )}
      </ul>
    </div>
  );
}

/** In a forwarded call there is one connection, that to the server. */
function ConnectionQuality({ name, samples }: { name: string; samples: readonly PeerSample[] }) {
  const { t } = useTranslation("voice");
  const sample = samples.at(-1);
  const quality = sample?.quality ?? "unknown";
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <p className="flex items-center gap-2">
        <QualityMark quality={quality} size={16} />
        <span dir="auto" className="min-w-0 flex-1 truncate font-medium">
          {name}
        </span>
        <span className="text-sm text-muted">{t(`quality.${quality}`)}</span>
      </p>
      {sample && <Figures sample={sample} />}
      {samples.length > 1 && (
        <Sparkline
          label={t("quality.historyOf", { name })}
          values={samples.map(({ rttMs }) => rttMs ?? 0)}
          slots={shownSamples}
        />
      )}
    </li>
  );
}

function Figures({ sample }: { sample: PeerSample }) {
  const { t } = useTranslation("voice");
  const format = useFormat();
  const ms = (value: number | null) => t("quality.ms", { value: value === null ? "–" : Math.round(value) });
  const kbits = (bitsPerSecond: number) => Math.round(bitsPerSecond / 1_000);
  const figures = [
    [t("quality.rtt"), ms(sample.rttMs)],
    [t("quality.jitter"), ms(sample.jitterMs)],
    [t("quality.loss"), t("quality.percent", { value: format.tenths(Math.max(sample.lossIn, sample.lossOut) * 100) })],
    [t("quality.bitrate"), t("quality.rates", { in: kbits(sample.bitrateIn), out: kbits(sample.bitrateOut) })],
  ] as const;
  return (
    <dl className="my-1.5 grid grid-cols-2 gap-x-4 gap-y-0.5 text-xs">
      {figures.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-2 last-of-type:col-span-2">
          <dt className="text-faint">{name}</dt>
          <dd className="tabular-nums">{value}</dd>
        </div>
      ))}
      {sample.relayed && <dd className="col-span-2 text-faint">{t("quality.relayed")}</dd>}
    </dl>
  );
}
