import type { Clock } from "../../clock.ts";
import type { LogOutcome, Store } from "../../store/contract.ts";

type Commit = () => Promise<LogOutcome>;
type Turns = (messageId: number, commit: Commit) => Promise<LogOutcome>;

/** Between two commits of votes in one poll by this node. */
const betweenVotesMs = 200;

const turnsOf = new WeakMap<Store, Turns>();

/** The turns of votes in the store's polls; see `createTurns`. */
export function votesInTurn(store: Store, clock: Clock): Turns {
  const known = turnsOf.get(store);
  if (known) return known;
  const turns = createTurns(clock);
  turnsOf.set(store, turns);
  return turns;
}

/**
 * Gathers the votes in a poll, so that a storm of them makes some events a second and not one each: those of one turn are
 * committed together and share an event (L21 in store/contract.ts). A vote after a pause is committed at once.
 */
function createTurns(clock: Clock): Turns {
  /** Votes that wait for the next turn, by message. */
  const waiting = new Map<number, (() => void)[]>();

  function endTurn(messageId: number): void {
    const votes = waiting.get(messageId) ?? [];
    if (votes.length === 0) return void waiting.delete(messageId);
    beginTurn(messageId);
    for (const commit of votes) commit();
  }

  function beginTurn(messageId: number): void {
    waiting.set(messageId, []);
    clock.setTimeout(() => endTurn(messageId), betweenVotesMs);
  }

  return (messageId, commit) => {
    const others = waiting.get(messageId);
    if (!others) {
      beginTurn(messageId);
      return commit();
    }
    return new Promise((resolve, reject) => others.push(() => void commit().then(resolve, reject)));
  };
}
