import { LazyPart } from "../../core/lazy-part.tsx";
import { useRouteIds } from "../../core/route-ids.ts";
import { useViewed } from "../../core/view-as.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const ViewedBar = lazyWithTexts(async () => (await import("./viewed-bar.tsx")).ViewedBar);

/** Above everything while the user looks at the open server with somebody else's eyes. */
export function ViewAsBanner() {
  const { serverId } = useRouteIds();
  const viewed = useViewed(serverId ?? 0);
  return (
    <div role="status">
      {viewed && (
        <LazyPart>
          <ViewedBar viewed={viewed} />
        </LazyPart>
      )}
    </div>
  );
}
