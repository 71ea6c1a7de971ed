import type { MonitorIncidents } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Panel } from "./panel.tsx";
import { useTold } from "./use-sentence.ts";

/** The summary of the week that ended last. */
export function Week({ week }: { week: MonitorIncidents["week"] }) {
  const { t } = useTranslation("monitor");
  const told = useTold();
  return (
    <Panel title={t("week.title")} empty={week === null && t("week.none")}>
      {week && (
        <ul className="py-1">
          {told(week.text)
            .split("\n")
            .map((line) => (
              <li key={line} className="wrap-break-word">
                {line}
              </li>
            ))}
        </ul>
      )}
    </Panel>
  );
}
