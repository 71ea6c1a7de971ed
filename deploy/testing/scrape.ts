/** Names of metrics and, for each, the labels that it has. */
export type Metrics = ReadonlyMap<string, ReadonlySet<string>>;

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/;

/** Reads `/metrics` as Prometheus does. The labels `job` and `instance` are those that Prometheus adds. */
export async function scrape(url: string, token: string): Promise<Metrics> {
  const headers = { authorization: `Bearer ${token}`, accept: "text/plain" };
  const response = await fetch(`${url}/metrics`, { headers });
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
  const metrics = new Map<string, Set<string>>();
  for (const text of (await response.text()).split("\n")) {
    if (text === "" || text.startsWith("#")) continue;
    const [, name, pairs = ""] = line.exec(text) ?? fail(text);
    const labels = metrics.get(name!) ?? new Set(["job", "instance"]);
    for (const [, label] of pairs.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) labels.add(label!);
    metrics.set(name!, labels);
  }
  return metrics;
}

function fail(text: string): never {
  throw new Error(`This line of /metrics is not in Prometheus's format: ${text}`);
}

/** What either of them has. */
export function union(...all: Metrics[]): Metrics {
  const result = new Map<string, Set<string>>();
  for (const metrics of all)
    for (const [name, labels] of metrics) result.set(name, new Set([...(result.get(name) ?? []), ...labels]));
  return result;
}
