import { limits } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { slowModeText } from "../../core/use-slow-mode.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { cx } from "../../ui/cx.ts";
import type { Draft } from "./drafts.ts";

const TooLong = lazyWithTexts(async () => (await import("./too-long.tsx")).TooLong);

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
      {waitS > 0 && <span className="pt-1.5 tabular-nums text-muted">{slowModeText(waitS)}</span>}
      {left < 0 ? (
        <LazyPart loading={<Excess left={left} />} failed={<Excess left={left} />}>
          <TooLong excess={-left} isRefused={isRefused} onSendAsFile={onSendAsFile} />
        </LazyPart>
      ) : (
        left < countFrom && (
          <span className="pt-1.5 tabular-nums text-faint">{t("composer.left", { count: left })}</span>
        )
      )}
    </div>
  );
}

/** Until more can be said of it. */
function Excess({ left }: { left: number }) {
  return <span className="pt-1.5 font-medium text-danger-ink tabular-nums">{left}</span>;
}
