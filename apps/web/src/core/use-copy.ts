import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useToast } from "../ui/toast.tsx";

/** Copies text and confirms with a toast. Resolves to false where the browser forbids it, for example on plain HTTP. */
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
