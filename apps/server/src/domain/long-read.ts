import type { Kysely } from "kysely";
import { KeyedSemaphore } from "../concurrency/keyed-semaphore.ts";
import type { Tables } from "../store/schema.ts";
import type { DomainContext } from "./context.ts";

/** Of each user one at a time. */
const ofUsers = new KeyedSemaphore<number>(1);

/**
 * A read that may go through all rows of a server, where it finds few. It counts as a search, and is done where searches are, so
 * that nobody's other reads wait for it. Throws `rate_limited`.
 */
export async function longRead<Value>(
  { store, rates }: Pick<DomainContext, "store" | "rates">,
  userId: number,
  read: (db: Kysely<Tables>) => Promise<Value>,
): Promise<Value> {
  await rates.searches.spend(userId);
  return ofUsers.run(userId, () => read(store.search));
}
