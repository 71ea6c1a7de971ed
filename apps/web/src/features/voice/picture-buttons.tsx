import { Maximize, PictureInPicture2 } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/icon-button.tsx";
import { useToast } from "../../ui/toast.tsx";
import { canFloat, toggleFloating, useFloating } from "./camera/floating-picture.ts";
import type { Picture } from "./camera/shown-picture.ts";
import { staysAbove } from "./pop-out/pop-out.ts";
import { PopOutButton } from "./pop-out/pop-out-button.tsx";

interface PictureButtonsProps {
  /** What is shown full screen. */
  frame: RefObject<HTMLElement | null>;
  /** For a picture outside of the page; the user's own pictures have none. */
  picture?: Picture;
  children?: ReactNode;
}

/** Buttons of a camera or a screen. */
export function PictureButtons({ frame, picture, children }: PictureButtonsProps) {
  const { t } = useTranslation("voice");
  return (
    <>
      {picture && canFloat() && !staysAbove() && <FloatButton picture={picture} />}
      {picture && <PopOutButton popped={picture} />}
      {document.fullscreenEnabled && (
        <IconButton
          size="sm"
          label={t("share.fullscreen")}
          icon={<Maximize size={16} />}
          onClick={() => void toggleFullscreen(frame.current)}
        />
      )}
      {children}
    </>
  );
}

function FloatButton({ picture: { userId, kind } }: { picture: Picture }) {
  const { t } = useTranslation("voice");
  const toast = useToast();
  const isFloating = useFloating(({ picture }) => picture?.userId === userId && picture.kind === kind);
  return (
    <IconButton
      size="sm"
      pressed={isFloating}
      label={isFloating ? t("tile.unfloat") : t("tile.float")}
      icon={<PictureInPicture2 size={16} />}
      onClick={() =>
        void toggleFloating({ userId, kind }).catch(() => toast({ title: t("tile.floatFailed"), tone: "danger" }))
      }
    />
  );
}

function toggleFullscreen(frame: HTMLElement | null): Promise<void> | undefined {
  return document.fullscreenElement ? document.exitFullscreen() : frame?.requestFullscreen();
}
