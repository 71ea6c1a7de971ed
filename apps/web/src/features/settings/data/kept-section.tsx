import { dataCalls } from "@miscord/client";
import type { DataLine } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { ListPanel } from "../../../layout/list-panel.tsx";

/** Everything that is kept about the user, with how long: the server's own list. */
export function KeptSection() {
  const { t } = useTranslation("settings");
  const client = useClient();
  const load = useCallback(async () => (await dataCalls(client.rest).describe()).lines, [client]);
  const { loaded, reload } = useLoaded(load);
  return (
    <div className="mb-7">
      <ListPanel
        title={t("data.kept.title")}
        loaded={loaded}
        empty=""
        onRetry={reload}
        keyOf={(line) => line.kind}
        renderItem={(line) => <KeptLine line={line} />}
      />
    </div>
  );
}

function KeptLine({ line: { kind, kept, days, exported, on_deletion } }: { line: DataLine }) {
  const { t } = useTranslation("settings");
  const how = kept === "days" ? t("data.kept.days", { count: days ?? 0 }) : t(`data.kept.${kept}`);
  return (
    <div className="min-w-0 text-sm">
      <p className="font-medium">{t(`data.kind.${kind}`)}</p>
      <p className="text-faint">
        {[
          how,
          isShortened(kind) && t("data.kept.shorter"),
          t(`data.onDeletion.${on_deletion}`),
          !exported && t("data.kept.notExported"),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </div>
  );
}

/** Those who manage servers and channels may set a shorter time. */
function isShortened(kind: DataLine["kind"]): boolean {
  return kind === "messages" || kind === "files";
}
