import { readConfig } from "../../apps/server/src/config.ts";
import { describeData } from "../../apps/server/src/domain/personal-data/inventory.ts";
import { personalColumns } from "../../apps/server/src/store/personal-columns.ts";
import { table } from "./table.ts";

const kept = {
  account: "until the account is deleted",
  removed: "until its user removes it, or the account",
  rotation: "until newer lines take its place",
} as const;
const fates = {
  erased: "goes",
  nameless: "stays without a name",
  chosen: "goes, or stays without a name",
  expires: "goes after its time",
} as const;

/** Everything that is kept about a person, from the list by which exports and deletions work. */
export function personalDataTable(): string {
  const outcome = readConfig({}, []);
  if (!("config" in outcome)) throw new Error("the defaults are not valid settings");
  const rows = describeData(outcome.config).map(({ kind, kept: until, days, exported, on_deletion }) => {
    const columns = personalColumns.filter((column) => column.kind === kind);
    const places = columns.map(({ table: name, column }) => `\`${name}.${column}\``).join(", ");
    const time = until === "days" ? `${days} days` : kept[until];
    return [kind.replaceAll("_", " "), places, time, exported ? "yes" : "no", fates[on_deletion]];
  });
  return table(["what", "columns that name the person", "how long", "in the export", "with the account"], rows);
}
