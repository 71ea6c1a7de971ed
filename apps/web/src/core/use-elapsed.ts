import { useEffect, useState } from "react";

/** True `delayMs` after the component appeared or `isActive` became true; false again when it becomes false. */
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
