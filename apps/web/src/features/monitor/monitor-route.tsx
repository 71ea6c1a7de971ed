import { isActiveAdmin } from "@miscord/client";
import { FailedPart } from "../../core/failed-part.tsx";
import { LazyPart } from "../../core/lazy-part.tsx";
import { MainPane } from "../../layout/main-pane.tsx";
import { NotFoundPane } from "../../layout/not-found-pane.tsx";
import { paths } from "../../core/paths.ts";
import { useClientState, useMe } from "../../core/client.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

/** Loaded when an administrator first opens the page. */
const MonitorPage = lazyWithTexts(async () => (await import("./monitor-page.tsx")).MonitorPage, ["screens", "monitor"]);

const IncidentPage = lazyWithTexts(
  async () => (await import("./incident-page.tsx")).IncidentPage,
  ["screens", "monitor"],
);

const AdminFactorNotice = lazyWithTexts(async () => (await import("./admin-factor-notice.tsx")).AdminFactorNotice);

const InstancePage = lazyWithTexts(async () => (await import("../instance/instance-page.tsx")).InstancePage);

/** The pages at `/monitor` and below, and `/instance`. For everyone but administrators it does not exist; the server checks this too. */
export function MonitorRoute({ path, incidentId }: { path: string; incidentId: string | null }) {
  const { is_admin: isAdmin } = useMe();
  const isActive = useClientState(isActiveAdmin);
  if (!isAdmin) return <NotFoundPane />;
  if (!isActive) {
    return (
      <MainPane title={null}>
        <LazyPart>
          <AdminFactorNotice />
        </LazyPart>
      </MainPane>
    );
  }
  return (
    <LazyPart
      loading={<MainPane title={<Skeleton className="h-4 w-32" />}>{null}</MainPane>}
      failed={
        <MainPane title={null}>
          <FailedPart />
        </MainPane>
      }
    >
      {incidentId !== null ? (
        <IncidentPage id={incidentId} />
      ) : path === paths.instance ? (
        <InstancePage />
      ) : (
        <MonitorPage />
      )}
    </LazyPart>
  );
}
