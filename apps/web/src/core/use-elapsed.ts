import { useEffect, useState } from "react";

/** Becomes true `delayMs` after the component appears, or after `isActive` turns true; false again when it turns false. */
export function useElapsed(delayMs: number, isActive = true): boolean {
  const [elapsed, setElapsed] = useState(false);
  useEffect(() => {
    if (!isActive) return undefined;
    const timer = setTimeout(() => setElapsed(true), delayMs);
    return () => {
      clearTimeout(timer);
      setElapsed(false);
    };
  }, [delayMs, isActive]);
  return elapsed;
}
