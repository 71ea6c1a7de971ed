/** Where two JSON-like values differ: one line a place, with its path. Absent and undefined are the same. */
export function differences(present: unknown, expected: unknown, path = "state"): string[] {
  if (isObject(present) && isObject(expected) && Array.isArray(present) === Array.isArray(expected)) {
    const keys = new Set([...Object.keys(present), ...Object.keys(expected)]);
    return [...keys].flatMap((key) => differences(present[key], expected[key], `${path}.${key}`));
  }
  return Object.is(present, expected) ? [] : [`${path}: ${text(present)}, but fresh ${text(expected)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string {
  const json = JSON.stringify(value) ?? "absent";
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}
