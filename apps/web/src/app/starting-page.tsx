import { useTranslation } from "react-i18next";
import { Button } from "../ui/button.tsx";
import { LogoMark } from "../ui/logo.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useClient } from "../core/client.ts";
import { useElapsed } from "../core/use-elapsed.ts";

const patienceMs = 4_000;

/** Shown until the session is known: the outline of the page, and a text if that takes long. */
export function StartingPage() {
  const { t } = useTranslation("common");
  const client = useClient();
  const late = useElapsed(patienceMs);
  return (
    <main className="flex h-full" aria-busy="true" aria-label={t("loading")}>
      <div className="hidden w-16 flex-col items-center gap-3 border-r border-line bg-sunken py-3 md:flex">
        <LogoMark size={28} className="mb-2" />
        {[0, 1, 2].map((row) => (
          <Skeleton key={row} className="size-11 rounded-lg" />
        ))}
      </div>
      <div className="hidden w-60 flex-col gap-3 border-r border-line bg-sunken px-4 py-4 md:flex">
        <Skeleton className="mb-3 h-4 w-32" />
        {["w-24", "w-32", "w-20", "w-28"].map((width) => (
          <Skeleton key={width} className={`h-3.5 ${width}`} />
        ))}
      </div>
      <div className="flex flex-1 flex-col items-center justify-center gap-4 px-6 text-center">
        <LogoMark size={44} className="md:opacity-60" />
        {late && (
          <div role="status" className="animate-in flex flex-col items-center gap-3">
            <p className="text-sm text-muted">{t("starting.late")}</p>
            <Button onClick={() => client.reconnect()}>{t("connection.retry")}</Button>
          </div>
        )}
      </div>
    </main>
  );
}
