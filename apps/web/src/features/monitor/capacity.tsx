import type { Capacity as Report } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Panel } from "./panel.tsx";
import { useFigures } from "./use-figures.ts";
import { useTold } from "./use-sentence.ts";

/** How many people the instance carries: one sentence, and the figures that it comes from. */
export function Capacity({ capacity }: { capacity: Report }) {
  const { t } = useTranslation("monitor");
  const told = useTold();
  const { figure } = useFigures();
  const { memory_per_connection: memory } = capacity;
  return (
    <Panel title={t("capacity.title")} empty={capacity.people === null && told(capacity.sentence)}>
      <p className="py-1">{told(capacity.sentence)}</p>
      <div className="grid gap-x-8 lg:grid-cols-2">
        <Limits capacity={capacity} />
        <Costs capacity={capacity} />
      </div>
      <p className="pt-1.5 text-xs text-muted">
        {memory !== null && `${t("capacity.memory", { value: figure(memory, "bytes") })} `}
        {t("capacity.explained")}
      </p>
    </Panel>
  );
}

function Limits({ capacity: { limits } }: { capacity: Report }) {
  const { t } = useTranslation("monitor");
  const { figure } = useFigures();
  const units = { event_loop: "share", cpu: "share", memory: "bytes", connections: "count" } as const;
  const rows = limits
    .toSorted((a, b) => a.people.expected - b.people.expected)
    .map(({ resource, used, limit, people }) => ({
      name: t(`capacity.resource.${resource}`),
      cells: [
        t("forecast.of", { value: figure(used, units[resource]), limit: figure(limit, units[resource]) }),
        t("capacity.range", { low: figure(people.low, "count"), high: figure(people.high, "count") }),
      ],
    }));
  return <Table head={["resource", "used", "people"]} rows={rows} />;
}

function Costs({ capacity: { costs } }: { capacity: Report }) {
  const { t } = useTranslation("monitor");
  const { figure } = useFigures();
  const rows = costs
    .toSorted((a, b) => b.share - a.share)
    .map(({ kind, seconds, per_person_minute: rate, share }) => ({
      name: t(`capacity.kind.${kind}`),
      cells: [
        t("capacity.microseconds", { value: figure(seconds * 1e6, "ratio") }),
        // A connection is held, and takes its time every second.
        kind === "connections" ? figure(rate / 60, "ratio") : figure(rate, "perMinute"),
        figure(share, "share"),
      ],
    }));
  return <Table head={["kind", "each", "perPerson", "share"]} rows={rows} />;
}

interface TableProps {
  head: readonly [First, ...Column[]];
  rows: readonly { name: string; cells: readonly string[] }[];
}
type First = "resource" | "kind";
type Column = "used" | "people" | "each" | "perPerson" | "share";

function Table({ head: [first, ...columns], rows }: TableProps) {
  const { t } = useTranslation("monitor");
  return (
    <table className="w-full border-collapse self-start tabular-nums">
      <thead>
        <tr className="border-b border-line text-xs">
          <th scope="col" className="py-1.5 text-left font-medium text-muted">
            {t(`capacity.column.${first}`)}
          </th>
          {columns.map((column) => (
            <th key={column} scope="col" className="py-1.5 pl-3 text-right font-medium text-muted">
              {t(`capacity.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, cells }) => (
          <tr key={name} className="border-b border-line last:border-b-0">
            <th scope="row" className="py-1.5 text-left font-normal">
              {name}
            </th>
            {cells.map((cell, index) => (
              <td key={columns[index]} className="py-1.5 pl-3 text-right">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
