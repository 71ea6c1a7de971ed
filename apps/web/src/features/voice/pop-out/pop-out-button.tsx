import { SquareArrowOutUpRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../ui/icon-button.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { canPopOut, closePopOut, popOut } from "./pop-out.ts";
import { isSame, usePoppedOut, type Popped } from "./popped.ts";

/** Shows a picture or the stage in a window of its own, or closes that; nothing where there are no windows. */
export function PopOutButton({ popped }: { popped: Popped }) {
  const { t } = useTranslation("voice");
  const toast = useToast();
  const isOut = usePoppedOut((state) => isSame(state.popped, popped));
  if (!canPopOut()) return null;
  const open = () => void popOut(popped).catch(() => toast({ title: t("popOut.failed"), tone: "danger" }));
  return (
    <IconButton
      size="sm"
      pressed={isOut}
      label={isOut ? t("popOut.close") : t(popped === "stage" ? "popOut.stage" : "popOut.picture")}
      icon={<SquareArrowOutUpRight size={16} />}
      onClick={isOut ? closePopOut : open}
    />
  );
}
