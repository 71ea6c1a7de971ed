import { useEffect, useState, type RefObject } from "react";

/** Width and height of an element's content in CSS pixels; zero before the first measurement. */
export function useSize(ref: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    // That of the element's own window: another one's rests while its page is not seen.
    const { ResizeObserver } = element.ownerDocument.defaultView ?? globalThis;
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
