import { Upload } from "lucide-react";
import { useTranslation } from "react-i18next";

/** What a file that is dropped here becomes, over the whole conversation. */
export function DropHint() {
  const { t } = useTranslation("chat");
  return (
    <div className="animate-in flex size-full items-center justify-center bg-scrim p-6">
      <p className="flex items-center gap-3 rounded-lg bg-overlay px-6 py-5 text-lg font-semibold shadow-overlay outline-2 outline-offset-4 outline-accent outline-dashed">
        <Upload size={24} aria-hidden className="text-link" />
        {t("composer.drop")}
      </p>
    </div>
  );
}
