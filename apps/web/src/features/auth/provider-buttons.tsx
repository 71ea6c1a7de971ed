import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { safeNext } from "../../core/paths.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { useProviderVisit } from "../settings/security/use-provider-visit.ts";

/** The login providers of the instance. */
export function ProviderButtons({ next }: { next: string | null }) {
  const { t } = useTranslation("security");
  const login = useClientState((state) => state.instance?.login);
  const { busy, run } = useAction();
  const visit = useProviderVisit();
  if (!login) return null;
  return (
    <div className="mt-3 flex flex-col gap-3">
      {login.providers.map(({ id, name }) => (
        <Button key={id} size="lg" busy={busy} onClick={() => void run(() => visit(id, { next: safeNext(next) }))}>
          {t("provider.with", { name })}
        </Button>
      ))}
    </div>
  );
}
