import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useToast } from "../ui/toast.tsx";
import { useClient } from "../core/client.ts";

/** Shows a toast with the reason when the session or a server is lost. */
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
