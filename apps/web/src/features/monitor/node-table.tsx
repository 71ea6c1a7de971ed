import type { MonitorNode } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { NodeName } from "./node-name.tsx";
import { Panel } from "./panel.tsx";
import { useFigures } from "./use-figures.ts";

const columns = ["people", "connections", "messages", "cpu", "lag", "since"] as const;

/** The nodes of an instance that has several. `current`: the one whose graphs are shown, if it is one's. */
export function NodeTable({ nodes, current }: { nodes: readonly MonitorNode[]; current: string | null }) {
  const { t } = useTranslation("monitor");
  return (
    <Panel title={t("nodes.title")} empty={false}>
      <table className="w-full min-w-160 border-collapse tabular-nums">
        <thead className="sticky top-0 bg-raised">
          <tr className="border-b border-line text-xs">
            <th scope="col" className="py-1.5 text-left font-medium text-muted">
              {t("nodes.node")}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className="py-1.5 pl-3 text-right font-medium text-muted">
                {t(`nodes.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <NodeRow key={node.id} node={node} isCurrent={node.id === current} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function NodeRow({ node, isCurrent }: { node: MonitorNode; isCurrent: boolean }) {
  const { figure, date } = useFigures();
  const cells: Readonly<Record<(typeof columns)[number], string>> = {
    people: figure(node.people, "count"),
    connections: figure(node.connections, "count"),
    messages: figure(node.messages_per_second, "rate"),
    cpu: figure(node.cpu_percent / 100, "share"),
    lag: figure(node.event_loop_lag_p99, "seconds"),
    since: date(node.since),
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
