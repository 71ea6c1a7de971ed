import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useToast } from "../../ui/toast.tsx";
import { addFiles, uploadLimits } from "./uploads.ts";

/** Adds picked, pasted or dropped files to the draft. False, with a toast, when they are too many. */
export function useAddFiles(channelId: number): (files: readonly File[]) => boolean {
  const { t } = useTranslation("chat");
  const client = useClient();
  const toast = useToast();
  return useCallback(
    (files) => {
      if (addFiles(client, channelId, files)) return true;
      toast({ title: t("upload.tooMany", { count: uploadLimits(client).files }), tone: "danger" });
      return false;
    },
    [client, channelId, t, toast],
  );
}
