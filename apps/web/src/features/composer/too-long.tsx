import { limits } from "@miscord/protocol";
import { FileText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import { Button } from "../../ui/button.tsx";

interface TooLongProps {
  excess: number;
  /** The user tried to send the draft although it is too long. */
  isRefused: boolean;
  onSendAsFile: () => void;
}

/** By how much a draft is too long, and the way to send it all the same. */
export function TooLong({ excess, isRefused, onSendAsFile }: TooLongProps) {
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
