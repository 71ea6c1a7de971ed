import { Skeleton } from "../../ui/skeleton.tsx";

const widths = ["w-2/3", "w-1/2", "w-3/5", "w-1/3", "w-1/2", "w-2/5"];

/** Placeholder for loading messages. The caller announces the loading state to screen readers. */
export function MessageSkeleton({ count = widths.length }: { count?: number }) {
  return (
    <div aria-hidden className="flex flex-col gap-5 px-4">
      {widths.slice(0, count).map((width, index) => (
        <div key={index} className="flex gap-3">
          <Skeleton className="size-10 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3.5 w-28" />
            <Skeleton className={`h-3.5 ${width}`} />
          </div>
        </div>
      ))}
    </div>
  );
}
