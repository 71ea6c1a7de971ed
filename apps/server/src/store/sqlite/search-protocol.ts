import type { Followed, IndexSteps } from "../indexing/index-steps.ts";
import type { QueryReply, QueryRequest } from "./query-protocol.ts";

/** Places in the list of the thread's databases: the index beside the messages, and the index alone. */
export const searchDatabases = { read: 0, written: 1 } as const;

/** A step of keeping the index, with its argument where it has one. */
export type StepRequest =
  | { step: "reset"; epoch: string }
  | { step: "look" }
  | { step: "follow" }
  | { step: "rebuild"; below: number };

/** Requests of the search's thread, which answers them in order. */
export type SearchRequest = QueryRequest | StepRequest;
export type SearchReply = QueryReply | Followed | number | null;

export function runStep(steps: IndexSteps, request: StepRequest): Promise<Followed | number | null> {
  switch (request.step) {
    case "reset":
      return steps.reset(request.epoch);
    case "look":
      return steps.look();
    case "follow":
      return steps.follow();
    case "rebuild":
      return steps.rebuild(request.below);
  }
}
