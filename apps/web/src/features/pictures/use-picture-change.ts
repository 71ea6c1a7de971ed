import { ApiError, pictureCalls, type PictureOwner } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useToast } from "../../ui/toast.tsx";

/** Codes of refusals that are about the file. */
const unreadable: ReadonlySet<string> = new Set(["invalid_request", "unsupported_media", "too_large"]);

/** Uploads or removes a picture, and says how that went. `upload` resolves to whether the picture is there. */
export function usePictureChange(owner: PictureOwner, onChanged?: () => void) {
  const { t } = useTranslation(["pictures", "common"]);
  const client = useClient();
  const toast = useToast();
  const { busy, run } = useAction();
  const calls = pictureCalls(client.rest);
  const refuse = () => toast({ title: t("unreadable"), tone: "danger", description: t("formats") });

  async function change(work: () => Promise<unknown>): Promise<boolean> {
    let isDone = false;
    await run(async () => {
      try {
        await work();
        isDone = true;
      } catch (error) {
        if (!(error instanceof ApiError) || !unreadable.has(error.code)) throw error;
        refuse();
        return;
      }
      if (owner.kind === "me" || owner.kind === "banner") await client.reloadMe();
      onChanged?.();
      toast({ title: t("common:saved"), tone: "success" });
    });
    return isDone;
  }

  return {
    busy,
    /** Null: the browser could not cut the picture. */
    upload: async (picture: Blob | null): Promise<boolean> => {
      if (picture) return change(() => calls.set(owner, picture));
      refuse();
      return false;
    },
    remove: () => change(() => calls.remove(owner)),
  };
}
