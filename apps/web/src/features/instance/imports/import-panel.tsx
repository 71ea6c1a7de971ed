import { importCalls } from "@miscord/client";
import type { InstanceImport } from "@miscord/protocol";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { FailedPart } from "../../../core/failed-part.tsx";
import { useLoaded } from "../../../core/use-loaded.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { ChooseExport } from "./choose-export.tsx";
import { ClaimAuthor } from "./claim-author.tsx";
import { exportUpload } from "./export-upload.ts";
import { OpenImport } from "./open-import.tsx";
import { PastImport } from "./past-import.tsx";

/** Moving in from Discord: uploads an export, shows what is in it, and follows its import. */
export function ImportPanel() {
  const { t } = useTranslation("imports");
  const client = useClient();
  const { loaded, reload } = useLoaded(useCallback(() => importCalls(client.rest).list(), [client]));
  const upload = exportUpload(client);
  const uploading = useSyncExternalStore(upload.subscribe, upload.state);
  useEffect(
    () => client.on("event", ({ type }) => (type === "imports_changed" || type === "resync") && reload()),
    [client, reload],
  );
  // An event that came while nothing was heard of is not told again.
  const isUploading = uploading !== null && !uploading.isDone;
  useEffect(reload, [isUploading, reload]);
  const imports = loaded.value?.imports ?? [];
  const open = imports.find(isOpen);
  const past = imports.filter((one) => !isOpen(one));
  return (
    <>
      <PanelSection title={t("title")} hint={t("hint")}>
        {loaded.status === "loading" && <Skeleton className="h-24 rounded-md" />}
        {loaded.status === "failed" && <FailedPart />}
        {loaded.value && !open && <ChooseExport open={null} onChanged={reload} />}
        {open && <OpenImport key={open.id} given={open} uploading={uploading} onChanged={reload} />}
      </PanelSection>
      {past.some(({ report }) => report) && <ClaimAuthor />}
      {past.length > 0 && (
        <PanelSection title={t("past")}>
          <ul className="flex flex-col gap-2">
            {past.map((one, place) => (
              <li key={one.id}>
                <PastImport given={one} isUnfolded={place === 0} />
              </li>
            ))}
          </ul>
        </PanelSection>
      )}
    </>
  );
}

function isOpen({ status }: InstanceImport): boolean {
  return status !== "done" && status !== "cancelled";
}
