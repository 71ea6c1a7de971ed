import { type RefObject, useCallback, useEffect, useEffectEvent, useState } from "react";

/** Nearer to the end than this, and one is at the end. */
export const endThresholdPx = 60;

interface AtEnd {
  isAtEnd: boolean;
  /** To be called when the list was scrolled. */
  measure: () => void;
}

/** Whether the reader sees the end of the list. A box that shrinks, for the composer or a keyboard, does not take it away. */
export function useAtEnd(scroller: RefObject<HTMLElement | null>, toEnd: () => void): AtEnd {
  const [isAtEnd, setAtEnd] = useState(true);
  const measure = useCallback(() => {
    const box = scroller.current;
    if (box) setAtEnd(box.scrollHeight - box.clientHeight - box.scrollTop <= endThresholdPx);
  }, [scroller]);
  const stay = useEffectEvent(() => isAtEnd && toEnd());
  useEffect(() => {
    const observer = new ResizeObserver(() => stay());
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [scroller]);
  return { isAtEnd, measure };
}
