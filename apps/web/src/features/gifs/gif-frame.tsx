import type { NewGifBody } from "@miscord/protocol";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { StarButton } from "./star-button.tsx";

interface GifFrameProps {
  source: string;
  body: NewGifBody;
  /** The service that the GIF comes from. */
  credit?: string | undefined;
  className?: string;
  children: ReactNode;
}

/** A picture that moves, in a message, with what there is to do and to say about it in its corners. */
export function GifFrame({ source, body, credit, className, children }: GifFrameProps) {
  const { t } = useTranslation("gifs");
  return (
    <div className={cx("group/gif relative max-w-full min-w-0", className)}>
      {children}
      <StarButton source={source} body={body} />
      {credit !== undefined && (
        <span className="pointer-events-none absolute bottom-1.5 left-1.5 max-w-[80%] truncate rounded-sm bg-[rgb(8_6_4/65%)] px-1.5 text-2xs text-[#fff]">
          {t("via", { provider: credit })}
        </span>
      )}
    </div>
  );
}
