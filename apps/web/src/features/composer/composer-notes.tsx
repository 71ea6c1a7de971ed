import { limits } from "@miscord/protocol";
import { FileText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import type { Draft } from "./drafts.ts";

/** The counter is shown when fewer characters than this are left. */
const countFrom = 500;

interface ComposerNotesProps {
  id: string;
  draft: Draft;
  /** The user tried to send the draft although it is too long. */
  isRefused: boolean;
  /** Seconds until slow mode lets the user write. */
  waitS: number;
  onSendAsFile: () => void;
}

/** Below the field: why the draft cannot be sent yet, and the characters that are left. Empty when neither applies. */
export function ComposerNotes({ id, draft, isRefused, waitS, onSendAsFile }: ComposerNotesProps) {
  const { t } = useTranslation(["chat", "moderation"]);
  const left = limits.messageLength - draft.text.trim().length;
  const hasFailed = draft.uploads.some(({ status }) => status === "failed");
  const note = hasFailed ? t("composer.removeFailed") : draft.isWaiting ? t("composer.waitForUploads") : null;
  return (
    <div id={id} className="flex flex-wrap items-center justify-between gap-x-4 text-xs">
      <span role="status" className={cx("text-muted", note && "pt-1.5")}>
        {note}
      </span>
      {waitS > 0 && (
        <span className="pt-1.5 tabular-nums text-muted">{t("moderation:slowMode.wait", { count: waitS })}</span>
      )}
      {left < 0 ? (
        <TooLong excess={-left} isRefused={isRefused} onSendAsFile={onSendAsFile} />
      ) : (
        left < countFrom && (
          <span className="pt-1.5 tabular-nums text-faint">{t("composer.left", { count: left })}</span>
        )
      )}
    </div>
  );
}

interface TooLongProps extends Pick<ComposerNotesProps, "isRefused" | "onSendAsFile"> {
  excess: number;
}

function TooLong({ excess, isRefused, onSendAsFile }: TooLongProps) {
  const { t } = useTranslation("chat");
  const format = useFormat();
  return (
    <div className="ml-auto flex flex-wrap items-center justify-end gap-x-3 gap-y-1 pt-1.5">
      {/* Read aloud again when the user tries to send. */}
      <span key={String(isRefused)} role={isRefused ? "alert" : "status"} className="font-medium text-danger-ink">
        <span className="tabular-nums">{t("composer.tooLong", { count: excess })}</span>
        {" · "}
        {t("composer.limit", { limit: format.number(limits.messageLength) })}
      </span>
      <Button size="sm" icon={<FileText size={14} aria-hidden />} onClick={onSendAsFile}>
        {t("composer.sendAsFile")}
      </Button>
    </div>
  );
}
