import { useState } from "react";
import { useToast } from "../ui/toast.tsx";
import { useDescribeError } from "./describe-error.ts";

/**
 * Runs work that a click started, one at a time. A failure is shown as a toast, above what `details` then
 * says. Resolves to whether the work succeeded.
 */
export function useAction(): {
  busy: boolean;
  run: (work: () => Promise<unknown>, details?: () => string | null) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const describe = useDescribeError();
  async function run(work: () => Promise<unknown>, details?: () => string | null): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    try {
      await work();
      return true;
    } catch (error) {
      const description = details?.();
      toast({ title: describe(error), tone: "danger", ...(description ? { description } : {}) });
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, run };
}
