import { useState } from "react";
import { useToast } from "../ui/toast.tsx";
import { useDescribeError } from "./describe-error.ts";

/**
 * Runs work that a click started, one at a time. A failure is shown as a toast. Resolves to whether the work succeeded.
 */
export function useAction(): { busy: boolean; run: (work: () => Promise<unknown>) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const describe = useDescribeError();
  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    try {
      await work();
      return true;
    } catch (error) {
      toast({ title: describe(error), tone: "danger" });
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, run };
}
