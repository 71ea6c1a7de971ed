import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export function GifHeading({ children }: { children: string }) {
  return <h3 className="pt-1 pb-1.5 text-xs font-medium text-muted">{children}</h3>;
}

export function GifNote({ isSilent = false, children }: { isSilent?: boolean; children: string }) {
  return (
    <p
      role={isSilent ? undefined : "status"}
      className="px-4 py-8 text-center text-sm text-balance text-faint tabular-nums wrap-anywhere"
    >
      {children}
    </p>
  );
}

export function GifFailure({ text, onRetry }: { text: string; onRetry: () => void }) {
  const { t } = useTranslation("common");
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-4 py-8 text-center text-sm text-faint">
      <p>{text}</p>
      <Button size="sm" onClick={onRetry}>
        {t("retry")}
      </Button>
    </div>
  );
}

/** In the places of GIFs that are loaded. */
export function WaitingGifs() {
  return (
    <div aria-hidden className="grid grid-cols-2 gap-1.5 pb-1.5">
      {[0, 1, 2, 3].map((place) => (
        <Skeleton key={place} className="aspect-4/3 w-full rounded-md" />
      ))}
    </div>
  );
}
