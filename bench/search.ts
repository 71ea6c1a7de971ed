import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Store } from "../apps/server/src/store/contract.ts";
import { openPostgresStore } from "../apps/server/src/store/postgres/open-postgres-store.ts";
import { searchIndex } from "../apps/server/src/store/search/open-index.ts";
import { openSqliteStore } from "../apps/server/src/store/sqlite/open-sqlite-store.ts";
import { startPostgres } from "../apps/server/src/testing/postgres.ts";
import { createCorpus } from "./search/corpus.ts";
import { inflectionsFound } from "./search/inflections.ts";
import { buildIndex, kindsOf, measureSearches, sendsDuringRebuild } from "./search/measure.ts";
import { seed } from "./search/seed.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "100000" },
    database: { type: "string", default: "sqlite,postgres" },
    dictionary: { type: "string", default: "/usr/share/hunspell" },
    each: { type: "string", default: "100" },
    rounds: { type: "string", default: "3" },
  },
});

const print = (line: string) => void process.stdout.write(`${line}\n`);
const corpus = createCorpus();

const inflections = inflectionsFound(values.dictionary);
if (inflections)
  print(
    `inflected pairs found: ${((100 * inflections.found) / inflections.pairs).toFixed(1)} % of ${inflections.pairs}`,
  );
else
  print(
    `inflected pairs: no dictionary in ${values.dictionary} (Debian: apt install hunspell-ru, or --dictionary FOLDER)`,
  );

for (const database of values.database.split(",")) await measure(database === "postgres" ? openPostgres : openSqlite);

async function measure(open: () => Promise<{ store: Store; close: () => Promise<void> }>): Promise<void> {
  const { store, close } = await open();
  try {
    const count = Number(values.messages);
    const seeded = await seed(store, corpus, count);
    const builtMs = await buildIndex(store);
    const bytes = await searchIndex(store.search, store.dialect).size();
    print(`\n${store.dialect}: ${count} messages, ${(seeded.textBytes / 1e6).toFixed(1)} MB of text`);
    print(
      `index built without rests in ${(builtMs / 1_000).toFixed(1)} s, ${((builtMs * 1_000) / count).toFixed(0)} µs a message`,
    );
    print(`index: ${(bytes / 1e6).toFixed(1)} MB, ${(bytes / seeded.textBytes).toFixed(2)} of the text`);
    const options = { userId: seeded.userIds[3]!, each: Number(values.each) };
    print("milliseconds of a search (p50, p99, CPU of this process)");
    for (const { kind, p50, p99, cpu } of await measureSearches(store, kindsOf(corpus, seeded), options))
      print(
        `${kind.padEnd(34)}${p50.toFixed(1).padStart(8)}${p99.toFixed(1).padStart(8)}${cpu.toFixed(1).padStart(8)}`,
      );
    const ratio = await sendsDuringRebuild(store, seeded, Number(values.rounds));
    print(`sends during a rebuild: ${ratio.toFixed(2)} of those without`);
  } finally {
    await close();
  }
}

async function openSqlite() {
  const folder = await mkdtemp(join(tmpdir(), "miscord-search-"));
  const store = await openSqliteStore({ file: join(folder, "miscord.db") });
  return {
    store,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function openPostgres() {
  const postgres = await startPostgres({ settings: { fsync: "on" } });
  const store = await openPostgresStore({ url: postgres.createDatabase() });
  return {
    store,
    async close() {
      await store.close();
      postgres.dispose();
    },
  };
}
