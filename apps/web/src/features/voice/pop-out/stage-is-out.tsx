import { SquareArrowOutUpRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { closePopOut } from "./pop-out.ts";

/** In place of the stage while it is in a window of its own. */
export function StageIsOut() {
  const { t } = useTranslation("voice");
  return (
    <EmptyState
      icon={<SquareArrowOutUpRight size={26} aria-hidden />}
      title={t("popOut.isOut")}
      actions={<Button onClick={closePopOut}>{t("popOut.bringBack")}</Button>}
    />
  );
}
