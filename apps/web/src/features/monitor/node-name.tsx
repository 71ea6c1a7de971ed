import type { MonitorNode } from "@miscord/protocol";
import { useTranslation } from "react-i18next";

/** Heading of a node's row. `isCurrent`: its graphs are the ones on the page. */
export function NodeName({ node, isCurrent }: { node: MonitorNode; isCurrent: boolean }) {
  const { t } = useTranslation("monitor");
  return (
    <th scope="row" className="whitespace-nowrap py-1.5 text-left font-normal">
      <span title={t("nodes.process", { pid: node.pid, host: node.host, id: node.id })}>{node.name}</span>
      <span className="ml-2 text-xs text-faint">{node.version}</span>
      {isCurrent && <span className="ml-2 rounded-sm bg-hover px-1.5 py-0.5 text-xs">{t("nodes.current")}</span>}
    </th>
  );
}
