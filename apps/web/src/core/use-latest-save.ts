import { useRef, useState } from "react";
import { useToast } from "../ui/toast.tsx";
import { useDescribeError } from "./describe-error.ts";

interface LatestSave<Value> {
  /** The chosen value while it is being saved, else null. */
  pending: Value | null;
  choose: (value: Value) => Promise<void>;
}

/**
 * Saves a choice that can be changed while it is being saved. One save runs at a time; then only the latest choice is
 * saved. A failure is shown as a toast and clears `pending`.
 */
export function useLatestSave<Value>(
  save: (value: Value, isLatest: () => boolean) => Promise<unknown>,
): LatestSave<Value> {
  const [pending, setPending] = useState<Value | null>(null);
  const latest = useRef<Value | null>(null);
  const toast = useToast();
  const describe = useDescribeError();

  async function choose(value: Value): Promise<void> {
    const isSaving = latest.current !== null;
    latest.current = value;
    setPending(value);
    if (isSaving) return;
    try {
      for (let saved: Value | null = null; saved !== latest.current;) {
        const next = (saved = latest.current);
        // oxlint-disable-next-line no-await-in-loop -- two saves at once could arrive in either order
        await save(next, () => latest.current === next);
      }
    } catch (error) {
      toast({ title: describe(error), tone: "danger" });
    } finally {
      latest.current = null;
      setPending(null);
    }
  }
  return { pending, choose };
}
