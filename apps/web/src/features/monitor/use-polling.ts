import { useEffect } from "react";

/** Calls `work` at once and again `periodMs` after each end, while the page is visible. */
export function usePolling(work: (signal: AbortSignal) => Promise<void>, periodMs: number): void {
  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    let isRunning = false;
    async function run(): Promise<void> {
      if (isRunning || document.hidden) return;
      isRunning = true;
      clearTimeout(timer);
      await work(stop.signal);
      isRunning = false;
      if (!stop.signal.aborted) timer = window.setTimeout(() => void run(), periodMs);
    }
    const onVisible = () => void run();
    document.addEventListener("visibilitychange", onVisible);
    void run();
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [work, periodMs]);
}
