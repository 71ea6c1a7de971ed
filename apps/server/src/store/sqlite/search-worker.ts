import { workerData } from "node:worker_threads";
import type { IndexSteps } from "../indexing/index-steps.ts";
import { Queries } from "./queries.ts";
import type { QueriedDatabase } from "./query-protocol.ts";
import { runStep, type SearchReply, type SearchRequest } from "./search-protocol.ts";
import { serveRequests } from "./worker-reply.ts";

const queries = new Queries(workerData as readonly QueriedDatabase[]);
let steps: IndexSteps | null = null;

serveRequests(
  (request: SearchRequest): SearchReply | Promise<SearchReply> =>
    "step" in request ? openSteps().then((opened) => runStep(opened, request)) : queries.run(request),
  () => queries.close(),
);

/** A thread that only searches loads nothing of them. */
async function openSteps(): Promise<IndexSteps> {
  if (steps) return steps;
  const { stepsOn } = await import("./own-steps.ts");
  return (steps = stepsOn(queries));
}
