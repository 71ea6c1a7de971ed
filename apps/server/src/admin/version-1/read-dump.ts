import { createReadStream } from "node:fs";
import { OperatorError } from "../../errors.ts";

/** A row of a table: its values in the order of `columns`. */
export interface DumpRow {
  /** Without its schema. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly values: readonly (string | null)[];
}

/** Longer than any row of version 1, which bounded its messages; a file without line ends would fill the memory. */
const longestLine = 4 * 1024 * 1024;
const copyStart = /^COPY (?:[\w"]+\.)?"?(\w+)"? \(([^)]*)\) FROM stdin;$/;
const customFormat = "PGDMP";

/**
 * The rows of a dump that PostgreSQL's `pg_dump --format plain` wrote, table by table, as a stream. Everything but the data is
 * passed over. Throws an OperatorError for files of other kinds.
 */
export async function* readDump(path: string): AsyncGenerator<DumpRow> {
  let copy: { table: string; columns: string[] } | null = null;
  let isFirst = true;
  for await (const line of linesOf(path)) {
    if (isFirst && line.startsWith(customFormat)) {
      throw new OperatorError("This dump is in PostgreSQL's custom format. Make it with: pg_dump --format plain");
    }
    isFirst = false;
    if (copy === null) {
      if (line.startsWith("INSERT INTO ")) {
        throw new OperatorError("This dump has its rows as commands. Make it without --inserts.");
      }
      const [, table, columns] = copyStart.exec(line) ?? [];
      if (table !== undefined)
        copy = { table, columns: columns!.split(",").map((name) => name.trim().replaceAll('"', "")) };
    } else if (line === "\\.") copy = null;
    else yield { ...copy, values: line.split("\t").map(valueOf) };
  }
  if (copy !== null) throw new OperatorError(`The dump ends in the middle of the table ${copy.table}.`);
}

/** Lines end with a line feed only: texts may hold other separators. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of createReadStream(path, "utf8")) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop()!;
    if (rest.length > longestLine)
      throw new OperatorError("This is no dump of PostgreSQL: it has a line without an end.");
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** As the format of COPY writes it; null is `\N`. */
function valueOf(field: string): string | null {
  if (field === "\\N") return null;
  return field.includes("\\") ? field.replaceAll(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter) : field;
}
