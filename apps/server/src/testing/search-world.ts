import { rmSync } from "node:fs";
import { MemoryBus } from "../bus/memory.ts";
import { systemClock, type Clock } from "../clock.ts";
import { MemoryCluster } from "../cluster/memory.ts";
import { createWorld, type World } from "../store/conformance/world.ts";
import type { Store } from "../store/contract.ts";
import { StepsHere } from "../store/indexing/steps-here.ts";
import { openPostgresStore } from "../store/postgres/open-postgres-store.ts";
import { openSqliteStore } from "../store/sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "../store/sqlite/testing/temporary-file.ts";
import { ManualClock } from "./manual-clock.ts";
import { createRealtimeContext } from "./realtime-context.ts";
import type { DomainContext } from "../domain/context.ts";
import { Indexer, type IndexerOptions } from "../domain/search/indexer.ts";

export interface SearchWorld {
  store: Store;
  world: World;
  context: DomainContext;
  indexer: Indexer;
  close: () => Promise<void>;
}

/** By which no work takes time, so that none is followed by a rest. */
const hurried: Clock = { ...systemClock, monotonic: () => 0 };

/**
 * A store with people and channels, whose index is written when the test runs the indexer. `areStepsHere`: by this thread, on
 * SQLite too.
 */
export async function openSearchWorld(databaseUrl: string | null, { areStepsHere = false } = {}): Promise<SearchWorld> {
  const folder = temporaryFolder();
  const store =
    databaseUrl === null ? await openSqliteStore({ file: folder.file }) : await openPostgresStore({ url: databaseUrl });
  const clock = new ManualClock();
  const cluster = new MemoryCluster(clock);
  const parts = { store, bus: new MemoryBus(), cluster, clock } as unknown as DomainContext;
  return {
    store,
    world: await createWorld(store),
    context: createRealtimeContext({}, parts),
    indexer: new Indexer({ store: areStepsHere ? withStepsHere(store) : store, cluster, clock: hurried }),
    async close() {
      await store.close();
      rmSync(folder.folder, { recursive: true });
    },
  };
}

function withStepsHere(store: Store): IndexerOptions["store"] {
  const { dialect, epoch, search, searchState } = store;
  return { dialect, epoch, search, searchState, indexSteps: new StepsHere({ search, letters: Infinity }) };
}
