import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { useClient } from "../../core/client.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Popover } from "../../ui/popover.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { QualityIcon } from "./quality-icon.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const ConnectionPanel = lazyWithTexts(async () => (await import("./connection-panel.tsx")).ConnectionPanel);

/** Shows the quality of the connection; opens the panel with its figures. */
export function ConnectionButton() {
  const { t } = useTranslation("connection");
  const { metrics } = useClient();
  // Subscribes to the quality only: the figures change every second and would render this button each time.
  const quality = useSyncExternalStore(
    (onChange) => metrics.subscribe(onChange),
    () => metrics.get().quality,
  );
  return (
    <Popover
      side="top"
      align="center"
      label={t("title")}
      className="w-84 max-w-[calc(100vw-1rem)]"
      trigger={
        <IconButton label={t("open", { quality: t(`quality.${quality}`) })} icon={<QualityIcon quality={quality} />} />
      }
    >
      <LazyPart loading={<Skeleton className="m-3.5 h-52" />}>
        <ConnectionPanel />
      </LazyPart>
    </Popover>
  );
}
