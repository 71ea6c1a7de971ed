import type { MonitorNode } from "@miscord/protocol";
import { useTranslation } from "react-i18next";

/** Heading of a node's row. `isCurrent`: its graphs are the ones on the page. */
export function NodeName({ node, isCurrent }: { node: MonitorNode; isCurrent: boolean }) {
  const { t } = useTranslation("monitor");
  return (
    <th scope="row" className="whitespace-nowrap py-1.5 text-left font-normal">
      {node.host}
      <span title={t("nodes.process", { pid: node.pid })} className="ml-2 font-mono text-xs text-muted">
        {node.id}
      </span>
      <span className="ml-2 text-xs text-faint">{node.version}</span>
      {isCurrent && <span className="ml-2 rounded-sm bg-hover px-1.5 py-0.5 text-xs">{t("nodes.current")}</span>}
    </th>
  );
}
