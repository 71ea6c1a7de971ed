import { dataCalls } from "@miscord/client";
import { AlertDialog } from "radix-ui";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { useFormat } from "../../../i18n/format.ts";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { scrimClass, sheetClass } from "../../../ui/dialog.tsx";

/** For whoever logs in to an account that is about to be deleted: they keep it, or log out again. */
export function KeepAccount() {
  const { t } = useTranslation("settings");
  const client = useClient();
  const format = useFormat();
  const { deletion } = useMe();
  const { busy, run } = useAction();
  if (!deletion) return null;
  const keep = () =>
    run(async () => {
      await dataCalls(client.rest).keepAccount();
      await client.reloadMe();
    });
  return (
    <AlertDialog.Root open>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={scrimClass} />
        <AlertDialog.Content
          onEscapeKeyDown={(event) => event.preventDefault()}
          className={cx(sheetClass, "md:max-w-110")}
        >
          <div className="px-5 pb-5 pt-4">
            <AlertDialog.Title className="text-lg font-semibold">{t("data.keep.title")}</AlertDialog.Title>
            <AlertDialog.Description className="mt-2 text-sm text-muted">
              {t(`data.keep.${deletion.messages}`, { when: format.dateTime(deletion.at) })}
            </AlertDialog.Description>
          </div>
          <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5">
            <Button variant="ghost" onClick={() => void client.logout()}>
              {t("data.keep.leave")}
            </Button>
            <Button variant="primary" busy={busy} onClick={() => void keep()}>
              {t("data.keep.submit")}
            </Button>
          </footer>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
