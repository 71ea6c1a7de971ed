import type { MiscordClient } from "@miscord/client";

/**
 * The connection's state for a bug report, in English for the developers. Contains nothing that grants access and
 * nothing that users wrote: no tokens, no names, no page addresses.
 */
export function describeConnection(
  client: Pick<MiscordClient, "metrics" | "store">,
  browser: Pick<Navigator, "userAgent" | "language" | "onLine">,
): string {
  const { connection, timelines } = client.store.getState();
  const metrics = client.metrics.get();
  const facts: [string, string | number | null | undefined][] = [
    ["time", new Date().toISOString()],
    ["mode", connection.mode],
    ["server", connection.serverVersion],
    ["node", connection.node],
    ["session", connection.sessionId?.slice(0, 8)],
    ["status", `${connection.status}, attempt ${connection.attempt}, ${connection.ready ? "in step" : "not in step"}`],
    ["quality", metrics.quality],
    ["round trip", milliseconds(metrics.rttMs)],
    ["round trip, last 2 min", spread(metrics.rttHistory)],
    ["events per second", metrics.messagesPerSecond.toFixed(1)],
    ["bytes in, out", `${metrics.bytesIn}, ${metrics.bytesOut}`],
    ["events per frame", metrics.batchRatio.toFixed(2)],
    ["reconnects", metrics.reconnects],
    ["last disconnect", describeClose(metrics.lastDisconnect)],
    ["connected since", metrics.connectedAt && new Date(metrics.connectedAt).toISOString()],
    ["waiting to be sent", metrics.queueLength],
    ["channels loaded", Object.keys(timelines).length],
    ["browser", `${browser.userAgent} (${browser.language}, ${browser.onLine ? "online" : "offline"})`],
  ];
  return ["Miscord connection", ...facts.map(([name, value]) => `${name}: ${value ?? "-"}`)].join("\n");
}

function spread(history: readonly (number | null)[]): string {
  const known = history.filter((rttMs) => rttMs !== null).toSorted((a, b) => a - b);
  const median = known[Math.floor(known.length / 2)] ?? null;
  return `min ${milliseconds(known[0])}, median ${milliseconds(median)}, max ${milliseconds(known.at(-1))}`;
}

function describeClose(close: { code: number; reason: string; at: number } | null): string | null {
  return close && `${close.code} ${close.reason} at ${new Date(close.at).toISOString()}`;
}

function milliseconds(value: number | null | undefined): string {
  return value == null ? "-" : `${Math.round(value)} ms`;
}
