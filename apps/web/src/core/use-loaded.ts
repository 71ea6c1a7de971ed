import { useCallback, useEffect, useState } from "react";

export type Loaded<Value> =
  | { status: "loading"; value: null; error: null }
  | { status: "ready"; value: Value; error: null }
  | { status: "failed"; value: null; error: unknown };

const loading = { status: "loading", value: null, error: null } as const;

/**
 * The result of `load`. Wrap `load` in `useCallback`: a new function loads again, and the result of the old one is
 * dropped.
 */
export function useLoaded<Value>(load: () => Promise<Value>): { loaded: Loaded<Value>; reload: () => void } {
  const [loaded, setLoaded] = useState<Loaded<Value>>(loading);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    load().then(
      (value) => isCurrent && setLoaded({ status: "ready", value, error: null }),
      (error: unknown) => isCurrent && setLoaded({ status: "failed", value: null, error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [load, attempt]);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  return { loaded, reload };
}
