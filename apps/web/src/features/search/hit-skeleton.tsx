import { useTranslation } from "react-i18next";
import { Skeleton } from "../../ui/skeleton.tsx";

export function HitSkeleton() {
  const { t } = useTranslation("search");
  return (
    <div role="status" aria-label={t("searching")} className="flex flex-col gap-2 p-2">
      {["w-3/4", "w-1/2", "w-2/3", "w-3/5"].map((width) => (
        <div key={width} className="flex gap-3 rounded-md bg-surface p-3">
          <Skeleton className="size-8 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3.5 w-32" />
            <Skeleton className={`h-3.5 ${width}`} />
          </div>
        </div>
      ))}
    </div>
  );
}
