/** The differences between two JSON-like values: one line for each, with its path. Absent equals undefined. */
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
