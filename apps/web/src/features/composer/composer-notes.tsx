import { limits } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import type { Draft } from "./drafts.ts";

/** The counter is shown when fewer characters than this are left. */
const countFrom = 500;

/** Below the field: why the draft cannot be sent yet, and the characters that are left. Empty when neither applies. */
export function ComposerNotes({ id, draft }: { id: string; draft: Draft }) {
  const { t } = useTranslation("chat");
  const left = limits.messageLength - draft.text.trim().length;
  const hasFailed = draft.uploads.some(({ status }) => status === "failed");
  const note = hasFailed ? t("composer.removeFailed") : draft.isWaiting ? t("composer.waitForUploads") : null;
  return (
    <div id={id} className="flex justify-between gap-4 text-xs">
      <span role="status" className={cx("text-muted", note && "pt-1.5")}>
        {note}
      </span>
      {left < countFrom && (
        <span className={cx("pt-1.5 tabular-nums", left < 0 ? "font-medium text-danger-ink" : "text-faint")}>
          {left < 0 ? t("composer.tooLong", { count: -left }) : t("composer.left", { count: left })}
        </span>
      )}
    </div>
  );
}
