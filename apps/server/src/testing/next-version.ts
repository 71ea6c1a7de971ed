// Starts this server as if it were the next minor version: another version number, and a migration that adds a column to
// every table of PostgreSQL, as those of a minor version may.
import { registerHooks } from "node:module";

const columns = `do $$ declare name text; begin
  for name in select tablename from pg_tables where schemaname = current_schema() loop
    execute format('alter table %I add column from_the_future integer', name);
  end loop; end $$`;
const changes: Record<string, (source: string) => string> = {
  "/src/version.ts": (source) => replaced(source, /export const \{ version \}.*/, 'export const version = "99.1.0";'),
  "/store/migrations/index.ts": (source) =>
    replaced(
      source,
      /\n\];/,
      `\n  ["9999-next", { up: async (db) => void (await db.executeQuery(CompiledQuery.raw(${JSON.stringify(columns)}))) }],\n];\nimport { CompiledQuery } from "kysely";`,
    ),
};

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const change = Object.entries(changes).find(([path]) => url.endsWith(path))?.[1];
    return change ? { ...loaded, source: change(Buffer.from(loaded.source as Uint8Array).toString()) } : loaded;
  },
});

function replaced(source: string, what: RegExp, by: string): string {
  if (!what.test(source)) throw new Error(`The source has no ${what.source}`);
  return source.replace(what, () => by);
}

const { serve } = await import("../serve.ts");
await serve();
