/** Ids of version 1 beside those of Discord, in the list of what was imported. */
export const keyOf = (kind: string, id: string) => `v1:${kind}:${id}`;

/** Milliseconds of a time as PostgreSQL writes it, with or without its zone; null: none that JavaScript can express. */
export function timeOf(text: string | null): number | null {
  if (text === null) return null;
  const [, date, time, zone] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? [];
  if (date === undefined) return null;
  const isHour = zone !== undefined && /^[+-]\d\d$/.test(zone);
  const at = Date.parse(`${date}T${time}${isHour ? `${zone}:00` : (zone ?? "Z")}`);
  return Number.isFinite(at) && at >= 0 ? at : null;
}

/** Of a boolean column. */
export const isTrue = (text: string | null) => text === "t" || text === "true" || text === "1";
export const isFalse = (text: string | null) => text === "f" || text === "false" || text === "0";
