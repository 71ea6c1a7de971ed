import type { ReactNode } from "react";
import { useAction } from "../../../core/use-action.ts";
import { NotConfirmed, useConfirmed } from "./confirm-identity.tsx";

/** `useAction` for work that needs a proof of who the user is. `question` has to be rendered. */
export function useGuarded(): {
  busy: boolean;
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  question: ReactNode;
} {
  const { busy, run } = useAction();
  const { confirmed, question } = useConfirmed();
  const guarded = async (work: () => Promise<unknown>) => {
    let isCanceled = false;
    const isDone = await run(() =>
      confirmed(work).catch((error: unknown) => {
        if (!(error instanceof NotConfirmed)) throw error;
        isCanceled = true;
      }),
    );
    return isDone && !isCanceled;
  };
  return { busy, run: guarded, question };
}
