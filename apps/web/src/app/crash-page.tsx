import { t } from "i18next";
import { Button } from "../ui/button.tsx";
import { LogoMark } from "../ui/logo.tsx";

/** Shown when the whole page failed to render; offers to reload it. */
export function CrashPage() {
  return (
    <main className="flex h-full flex-col items-center justify-center gap-4 px-6 text-center">
      <LogoMark size={48} />
      <h1 className="text-xl font-semibold">{t("crash.title")}</h1>
      <p className="max-w-90 text-sm text-muted">{t("crash.description")}</p>
      <Button variant="primary" onClick={() => location.reload()}>
        {t("reload")}
      </Button>
    </main>
  );
}
