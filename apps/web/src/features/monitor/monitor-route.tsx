import { FailedPart } from "../../core/failed-part.tsx";
import { LazyPart } from "../../core/lazy-part.tsx";
import { MainPane } from "../../layout/main-pane.tsx";
import { NotFoundPane } from "../../layout/not-found-pane.tsx";
import { useMe } from "../../core/client.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

/** Loaded when an administrator first opens the page. */
const MonitorPage = lazyWithTexts(async () => (await import("./monitor-page.tsx")).MonitorPage, ["screens", "monitor"]);

const IncidentPage = lazyWithTexts(
  async () => (await import("./incident-page.tsx")).IncidentPage,
  ["screens", "monitor"],
);

/** The pages at `/monitor` and below. For everyone but administrators it does not exist; the server checks this too. */
export function MonitorRoute({ incidentId }: { incidentId: string | null }) {
  const { is_admin: isAdmin } = useMe();
  if (!isAdmin) return <NotFoundPane />;
  return (
    <LazyPart
      loading={<MainPane title={<Skeleton className="h-4 w-32" />}>{null}</MainPane>}
      failed={
        <MainPane title={null}>
          <FailedPart />
        </MainPane>
      }
    >
      {incidentId === null ? <MonitorPage /> : <IncidentPage id={incidentId} />}
    </LazyPart>
  );
}
