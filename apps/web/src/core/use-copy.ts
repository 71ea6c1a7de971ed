import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useToast } from "../ui/toast.tsx";

/** Copies text and says so. Resolves to false where the browser does not let us, as on plain http. */
export function useCopy(): (text: string) => Promise<boolean> {
  const { t } = useTranslation("common");
  const toast = useToast();
  return useCallback(
    async (text) => {
      try {
        await navigator.clipboard.writeText(text);
        toast({ title: t("copied"), tone: "success" });
        return true;
      } catch {
        toast({ title: t("copyFailed"), description: text, tone: "danger" });
        return false;
      }
    },
    [t, toast],
  );
}
