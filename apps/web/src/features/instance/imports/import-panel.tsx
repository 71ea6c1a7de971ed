import { importCalls } from "@miscord/client";
import type { InstanceImport, PendingAuthorClaim } from "@miscord/protocol";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { FailedPart } from "../../../core/failed-part.tsx";
import { useLoaded } from "../../../core/use-loaded.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { usePages } from "../use-pages.ts";
import { AuthorClaims } from "./author-claims.tsx";
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
  const claims = useClaims();
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
  const isClaimed = claims.loaded.value !== null && claims.loaded.value.length > 0;
  return (
    <>
      <PanelSection title={t("title")} hint={t("hint")}>
        {loaded.status === "loading" && <Skeleton className="h-24 rounded-md" />}
        {loaded.status === "failed" && <FailedPart />}
        {loaded.value && !open && <ChooseExport open={null} onChanged={reload} />}
        {open && <OpenImport key={open.id} given={open} uploading={uploading} onChanged={reload} />}
      </PanelSection>
      {isClaimed && <AuthorClaims pages={claims} />}
      {(isClaimed || past.some(({ report }) => report)) && <ClaimAuthor />}
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

/** Who says to be an imported author. */
function useClaims() {
  const client = useClient();
  const load = useCallback(
    async (last?: PendingAuthorClaim) => {
      const { claims, has_more } = await importCalls(client.rest).authorClaims(last?.id);
      return { items: claims, has_more };
    },
    [client],
  );
  const pages = usePages(load);
  const { reload } = pages;
  useEffect(
    () => client.on("event", ({ type }) => (type === "author_claims_changed" || type === "resync") && reload()),
    [client, reload],
  );
  return pages;
}

function isOpen({ status }: InstanceImport): boolean {
  return status !== "done" && status !== "cancelled";
}
