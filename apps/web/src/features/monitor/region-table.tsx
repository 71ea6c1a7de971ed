import type { MonitorOverview, MonitorRegion } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { Panel } from "./panel.tsx";
import { useFigures } from "./use-figures.ts";

const columns = ["node", "since", "seen", "roundTrip", "calls", "people"] as const;

/** Where calls are forwarded; nothing for an instance without voice nodes. */
export function RegionTable({ overview }: { overview: MonitorOverview }) {
  const { t } = useTranslation("monitor");
  const { regions = [] } = overview;
  if (regions.length === 0) return null;
  return (
    <Panel title={t("regions.title")} empty={false}>
      <table className="w-full min-w-180 border-collapse tabular-nums">
        <thead className="sticky top-0 bg-raised">
          <tr className="border-b border-line text-xs">
            <th scope="col" className="py-1.5 text-left font-medium text-muted">
              {t("regions.region")}
            </th>
            <th scope="col" className="py-1.5 pl-3 text-left font-medium text-muted">
              {t("regions.state")}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className="whitespace-nowrap py-1.5 pl-3 text-right font-medium text-muted">
                {t(`regions.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        {regions.map((region) => (
          <RegionRows key={region.name} region={region} overview={overview} />
        ))}
      </table>
    </Panel>
  );
}

function RegionRows({ region, overview: { nodes, metrics } }: { region: MonitorRegion; overview: MonitorOverview }) {
  const { t } = useTranslation("monitor");
  const { figure, date } = useFigures();
  const notes = useNotes(region, metrics.system.version);
  const { name, state, node, link, is_own: isOwn } = region;
  const cells: Readonly<Record<(typeof columns)[number], string>> = {
    node: node === null ? "–" : (nodes.find(({ id }) => id === node)?.name ?? node),
    since: link ? date(link.since) : "–",
    seen: region.last_seen_at === null ? (isOwn ? "–" : t("regions.never")) : date(region.last_seen_at),
    roundTrip: figure(link?.round_trip, "seconds"),
    calls: figure(region.calls, "count"),
    people: figure(region.participants, "count"),
  };
  return (
    <tbody className="border-b border-line last:border-b-0">
      <tr>
        <th scope="row" className="py-1.5 text-left font-normal">
          {name}
          {isOwn && <span className="ml-2 rounded-sm bg-hover px-1.5 py-0.5 text-xs">{t("regions.own")}</span>}
          {region.version !== null && <span className="ml-2 text-xs text-faint">{region.version}</span>}
        </th>
        <td className={cx("py-1.5 pl-3", state !== "up" && "text-danger-ink")}>{t(`regions.${state}`)}</td>
        {columns.map((column) => (
          <td key={column} className="whitespace-nowrap py-1.5 pl-3 text-right">
            {cells[column]}
          </td>
        ))}
      </tr>
      {notes.length > 0 && (
        <tr>
          <td colSpan={columns.length + 2} className="pb-2 text-xs text-muted">
            {notes.map((note) => (
              <p key={note}>{note}</p>
            ))}
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** What an operator may want to do something about. */
function useNotes({ refusal, given_up_at, version, is_own, state }: MonitorRegion, ours: string): string[] {
  const { t } = useTranslation("monitor");
  const { date } = useFigures();
  return [
    ...(is_own && state !== "up" ? [t("regions.ownAway")] : []),
    ...(version !== null && version !== ours ? [t("regions.otherVersion", { version, ours })] : []),
    ...(refusal ? [t(`regions.refusal.${refusal.why}`, { when: date(refusal.at) })] : []),
    ...(given_up_at ? [t("regions.givenUp", { when: date(given_up_at) })] : []),
  ];
}
