import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** Shown instead of a part that failed to load. Offers a reload, since browsers may cache a failed module import. */
export function FailedPart() {
  const { t } = useTranslation("common");
  return (
    <div role="alert" className="flex flex-col items-start gap-3 p-3.5">
      <p className="text-sm">
        <span className="font-medium">{t("part.failed")}</span>{" "}
        <span className="text-muted">{t("part.description")}</span>
      </p>
      <ReloadButton />
    </div>
  );
}

export function FailedDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("common");
  return (
    <Dialog open onOpenChange={onClose} title={t("part.failed")} description={t("part.description")}>
      <ReloadButton />
    </Dialog>
  );
}

function ReloadButton() {
  const { t } = useTranslation("common");
  return (
    <Button
      variant="primary"
      icon={<RotateCw size={15} aria-hidden className="shrink-0" />}
      onClick={() => location.reload()}
    >
      {t("reload")}
    </Button>
  );
}
