import { useEffect, useState } from "react";

/** How long nothing was typed until the server is asked. */
const pauseMs = 250;

/** The value, once it has not changed for a moment. */
export function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
