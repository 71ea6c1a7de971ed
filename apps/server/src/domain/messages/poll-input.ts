import type { PollFields } from "../../store/contract.ts";

/** As the protocol's schema has checked it. */
export interface PollInput {
  answers: readonly string[];
  multiple: boolean;
  anonymous: boolean;
  duration_s: number | null;
}

export function pollFields({ answers, multiple, anonymous, duration_s: seconds }: PollInput): PollFields {
  return { answers, multiple, anonymous, durationMs: seconds === null ? null : 1_000 * seconds };
}
