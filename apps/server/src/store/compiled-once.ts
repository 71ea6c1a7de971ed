import type { Compilable, CompiledQuery, DialectAdapter, Kysely } from "kysely";
import type { Tables } from "./schema.ts";

type Argument = number | string | readonly (number | string)[];

/** Lists of more values than this are compiled each time, as each length is another statement. */
const longestList = 8;

/** Stands for an argument while the query is compiled. */
class Placeholder {
  readonly argument: number;
  readonly item: number | null;

  constructor(argument: number, item: number | null) {
    this.argument = argument;
    this.item = item;
  }

  valueFrom(args: readonly Argument[]): unknown {
    const value = args[this.argument];
    return this.item === null ? value : (value as readonly unknown[])[this.item];
  }
}

/**
 * A query that Kysely builds and compiles once for each database and length of its lists, instead of at each call, which
 * for the queries of a new connection took seven times as long as the rest of accepting it. `build` must put each
 * argument into the query as it is: it gets placeholders. Returns a function that resolves with the rows.
 */
export function compiledOnce<Args extends Argument[], Row, Schema = Tables>(
  build: (db: Kysely<Schema>, ...args: Args) => Compilable<Row>,
): (db: Kysely<Schema>, ...args: Args) => Promise<Row[]> {
  // By its adapter, which is the same in all transactions of a database.
  const compiled = new WeakMap<DialectAdapter, Map<string, CompiledQuery<Row>>>();

  function compile(db: Kysely<Schema>, args: Args): CompiledQuery<Row> {
    const lengths = args.map((arg) => (Array.isArray(arg) ? arg.length : -1));
    const { adapter } = db.getExecutor();
    const ofDb = compiled.get(adapter) ?? new Map<string, CompiledQuery<Row>>();
    compiled.set(adapter, ofDb);
    const known = ofDb.get(lengths.join());
    if (known) return known;
    const query = build(db, ...(lengths.map(placeholders) as Args)).compile();
    ofDb.set(lengths.join(), query);
    return query;
  }

  return async (db, ...args) => {
    const isLong = args.some((arg) => Array.isArray(arg) && arg.length > longestList);
    const query = isLong ? build(db, ...args).compile() : withValues(compile(db, args), args);
    return (await db.executeQuery(query)).rows;
  };
}

function placeholders(length: number, argument: number): unknown {
  if (length === -1) return new Placeholder(argument, null);
  return Array.from({ length }, (_, item) => new Placeholder(argument, item));
}

function withValues<Row>(query: CompiledQuery<Row>, args: readonly Argument[]): CompiledQuery<Row> {
  const parameters = query.parameters.map((one) => (one instanceof Placeholder ? one.valueFrom(args) : one));
  return { ...query, parameters };
}
