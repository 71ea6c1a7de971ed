import { workerData } from "node:worker_threads";
import { Queries } from "./queries.ts";
import type { QueriedDatabase, QueryRequest } from "./query-protocol.ts";
import { serveRequests } from "./worker-reply.ts";

const queries = new Queries(workerData as readonly QueriedDatabase[]);
serveRequests(
  (request: QueryRequest) => queries.run(request),
  () => queries.close(),
);
