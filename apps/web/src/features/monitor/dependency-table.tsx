import type { MonitorNode } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { NodeName } from "./node-name.tsx";
import { Panel } from "./panel.tsx";
import { useFigures } from "./use-figures.ts";

type Column =
  | "busLatency"
  | "reconnections"
  | "resyncs"
  | "databaseLatency"
  | "replication"
  | "inUse"
  | "idle"
  | "waiting";

interface Group {
  id: "bus" | "database" | "pool";
  columns: readonly Column[];
}

/** The columns that exist on this instance. */
function groupsOf(nodes: readonly MonitorNode[]): Group[] {
  const hasBus = nodes.some((node) => node.bus !== null);
  const hasPool = nodes.some((node) => node.database.pool !== null);
  return [
    ...(hasBus ? [{ id: "bus", columns: ["busLatency", "reconnections", "resyncs"] } satisfies Group] : []),
    { id: "database", columns: hasPool ? ["databaseLatency", "replication"] : ["databaseLatency"] },
    ...(hasPool ? [{ id: "pool", columns: ["inUse", "idle", "waiting"] } satisfies Group] : []),
  ];
}

/** Whether there is more to show of a node's dependencies than how fast the database answers. */
export function hasDependencies(nodes: readonly MonitorNode[]): boolean {
  return groupsOf(nodes).length > 1;
}

/** How each node sees the bus and the database. */
export function DependencyTable({ nodes, current }: { nodes: readonly MonitorNode[]; current: string | null }) {
  const { t } = useTranslation("monitor");
  const groups = groupsOf(nodes);
  const firsts = new Set(groups.map(({ columns }) => columns[0]));
  const columns = groups.flatMap((group) => group.columns);
  const head = "whitespace-nowrap py-1.5 text-right font-medium text-muted";
  return (
    <Panel title={t(groups[0]?.id === "bus" ? "dependencies.both" : "dependencies.database")} empty={false}>
      <table className="w-full min-w-160 border-collapse tabular-nums">
        <thead className="sticky top-0 bg-raised text-xs">
          <tr>
            <th
              scope="col"
              rowSpan={2}
              className="border-b border-line py-1.5 text-left align-bottom font-medium text-muted"
            >
              {t("nodes.node")}
            </th>
            {groups.map(({ id, columns: { length } }) => (
              <th key={id} scope="colgroup" colSpan={length} className="pl-6 pt-1.5 text-left font-medium">
                <span className="block whitespace-nowrap border-b border-line pb-1">{t(`dependencies.${id}`)}</span>
              </th>
            ))}
          </tr>
          <tr className="border-b border-line">
            {columns.map((column) => (
              <th key={column} scope="col" className={cx(head, firsts.has(column) ? "pl-6" : "pl-3")}>
                {t(`dependencies.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <DependencyRow key={node.id} node={node} isCurrent={node.id === current} columns={columns} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function DependencyRow(props: { node: MonitorNode; isCurrent: boolean; columns: readonly Column[] }) {
  const { node, isCurrent, columns } = props;
  const { figure } = useFigures();
  const replication = useReplication(node.database.replication);
  const { latency, pool } = node.database;
  const cells: Readonly<Record<Column, string>> = {
    busLatency: figure(node.bus?.latency, "seconds"),
    reconnections: figure(node.bus?.reconnections, "count"),
    resyncs: figure(node.bus?.resyncs, "count"),
    databaseLatency: figure(latency, "seconds"),
    inUse: figure(pool?.in_use, "count"),
    idle: figure(pool?.idle, "count"),
    waiting: figure(pool?.waiting, "count"),
    replication,
  };
  return (
    <tr className="border-b border-line last:border-b-0">
      <NodeName node={node} isCurrent={isCurrent} />
      {columns.map((column) => (
        <td key={column} className="whitespace-nowrap py-1.5 pl-3 text-right">
          {cells[column]}
        </td>
      ))}
    </tr>
  );
}

function useReplication(replication: MonitorNode["database"]["replication"]): string {
  const { t } = useTranslation("monitor");
  if (replication === null) return t("dependencies.hidden");
  const { standbys: count, is_synchronous: isSynchronous } = replication;
  if (count === 0) return t("dependencies.noStandby");
  return t(isSynchronous ? "dependencies.synchronous" : "dependencies.asynchronous", { count });
}
