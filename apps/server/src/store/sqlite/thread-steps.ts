import type { Line } from "../../concurrency/lines.ts";
import type { Followed, IndexSteps } from "../indexing/index-steps.ts";
import { channelsBehind } from "../queries/search-source.ts";
import type { SearchDb } from "../search/tables.ts";
import type { OccasionalThread } from "./occasional-thread.ts";
import type { SearchReply, StepRequest } from "./search-protocol.ts";
import type { SearchesFirst } from "./searches-first.ts";

interface ThreadStepsOptions {
  thread: OccasionalThread;
  /** Of all that write the index: a step would otherwise run within a transaction of this thread. */
  line: Line;
  /** For looks while the thread does not run. */
  state: SearchDb;
  searches: SearchesFirst;
}

/** The steps in the search's thread. Nothing but their numbers passes between the threads. */
export function threadSteps({ thread, line, state, searches }: ThreadStepsOptions): IndexSteps {
  const take = async (request: StepRequest): Promise<SearchReply> => {
    await searches.pass();
    return line.run(() => thread.need().call(request));
  };
  return {
    reset: (epoch) => take({ step: "reset", epoch }) as Promise<number>,
    async look() {
      const isIdle = thread.running === null && (await channelsBehind(state, 1)).length === 0;
      return isIdle ? 0 : ((thread.running ?? thread.need()).call({ step: "look" }) as Promise<number>);
    },
    follow: () => take({ step: "follow" }) as Promise<Followed | null>,
    rebuild: (below) => take({ step: "rebuild", below }) as Promise<number | null>,
  };
}
