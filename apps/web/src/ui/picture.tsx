import { useState, type ReactNode } from "react";
import { cx } from "./cx.ts";

/** Addresses of pictures that this page has shown: they are there at once, without what stands for them. */
const shown = new Set<string>();

interface PictureProps {
  url: string | null;
  className: string;
  /** Stands for the picture until it is loaded, and when it cannot be. */
  children: ReactNode;
}

/** Hidden from screen readers: whoever or whatever it shows is named beside it. */
export function Picture({ url, className, children }: PictureProps) {
  const [failed, setFailed] = useState<string | null>(null);
  const [, setLoaded] = useState<string | null>(null);
  if (!url || failed === url) return children;
  const isShown = shown.has(url);
  return (
    <>
      {!isShown && children}
      <img
        key={url}
        src={url}
        alt=""
        hidden={!isShown}
        draggable={false}
        className={cx("object-cover", className)}
        onLoad={() => {
          shown.add(url);
          setLoaded(url);
        }}
        onError={() => setFailed(url)}
      />
    </>
  );
}
