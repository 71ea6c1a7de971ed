import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useToast } from "../ui/toast.tsx";
import { useClient } from "../core/client.ts";

/** Says why the login page or another server suddenly shows. */
export function useLostSession(): void {
  const client = useClient();
  const toast = useToast();
  const { t } = useTranslation("common");
  useEffect(() => client.on("session_lost", () => toast({ title: t("sessionLost") })), [client, toast, t]);
  useEffect(
    () =>
      client.on("removed_from_server", ({ name, reason }) =>
        toast({ title: t(`removed.${reason}`, { server: name }) }),
      ),
    [client, toast, t],
  );
}
