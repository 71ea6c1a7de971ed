import type { ReactNode, RefObject } from "react";

interface ScreenFrameProps {
  /** Shown below the picture, so that it covers nothing. */
  caption: string;
  buttons: ReactNode;
  isOwn?: boolean;
  /** Nothing but the picture, where there is little room. */
  isSmall?: boolean;
  ref?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/** A shared screen with its caption. The frame can be shown full screen. */
export function ScreenFrame({ caption, buttons, isOwn = false, isSmall = false, ref, children }: ScreenFrameProps) {
  return (
    <figure
      ref={ref}
      className={`flex size-full flex-col overflow-hidden rounded-lg bg-raised ${isOwn ? "outline-2 -outline-offset-2 outline-accent" : ""}`}
    >
      <div className="min-h-0 w-full flex-1 bg-sunken">{children}</div>
      <figcaption className={`flex items-center gap-1 ${isSmall ? "px-2 py-0.5" : "py-1 pl-3 pr-1.5"}`}>
        <span className={`min-w-0 flex-1 truncate font-medium ${isSmall ? "text-xs" : "text-sm"}`}>{caption}</span>
        {!isSmall && buttons}
      </figcaption>
    </figure>
  );
}
