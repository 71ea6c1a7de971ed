import { describeCommit } from "./conformance/commit.ts";
import { describeConvergence } from "./conformance/convergence.ts";
import { describeEdits } from "./conformance/edits.ts";
import { describeHistory } from "./conformance/history.ts";
import { describeNotices } from "./conformance/notifications.ts";
import { describeQueries } from "./conformance/queries.ts";
import { describeSends } from "./conformance/sends.ts";
import type { Store } from "./contract.ts";

/** A store with an empty database of its own. */
export interface StoreUnderTest {
  store: Store;
  /** Closes the store and opens the same data again. */
  reopen(): Promise<Store>;
  /** From now on the database fails every transaction in which a message with the text `poison` is stored. */
  poison(): Promise<void>;
  cleanUp(): Promise<void>;
}

export type OpenStore = () => Promise<StoreUnderTest>;

/** What every implementation of Store promises; see contract.ts. */
export function describeStore(open: OpenStore): void {
  describeQueries(open);
  describeCommit(open);
  describeSends(open);
  describeEdits(open);
  describeHistory(open);
  describeConvergence(open);
  describeNotices(open);
}
