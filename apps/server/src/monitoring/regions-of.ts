import type { MonitorNode, MonitorRegion, RegionRefusal } from "@miscord/protocol";
import type { VoiceNodeRow } from "../store/schema.ts";

type AtNode = NonNullable<MonitorNode["voice_regions"]>[number];
interface Report {
  readonly node: string;
  readonly region: AtNode;
}

/** The regions of calls, from what each node reports and what is kept of the voice nodes; none without voice nodes. */
export function regionsOf(nodes: readonly MonitorNode[], voiceNodes: readonly VoiceNodeRow[]): MonitorRegion[] {
  if (voiceNodes.length === 0) return [];
  const reports = nodes.flatMap(({ id, voice_regions = [] }) =>
    voice_regions.map((region): Report => ({ node: id, region })),
  );
  const own = reports.filter(({ region }) => region.is_own);
  const of = (name: string) => reports.filter(({ region }) => region.name === name && !region.is_own);
  return [
    ...(own.length === 0 ? [] : [{ ...foldReports(own), is_own: true, name: own[0]!.region.name }]),
    ...voiceNodes.map((row) => ({ ...foldReports(of(row.name), row), is_own: false, name: row.name })),
  ];
}

function foldReports(reports: readonly Report[], row?: VoiceNodeRow): Omit<MonitorRegion, "name" | "is_own"> {
  const sum = (figure: (region: AtNode) => number) => reports.reduce((all, { region }) => all + figure(region), 0);
  const linked = reports.find(({ region }) => region.link !== null);
  const link = linked?.region.link ?? null;
  return {
    state: stateOf(reports, row),
    node: linked?.node ?? null,
    version: link?.version ?? row?.version ?? null,
    last_seen_at: link?.seen_at ?? isoOf(row?.seen_at),
    calls: sum(({ calls }) => calls),
    participants: sum(({ participants }) => participants),
    link,
    refusal: refusalOf(row),
    given_up_at: isoOf(row?.given_up_at),
  };
}

function stateOf(reports: readonly Report[], row?: VoiceNodeRow): MonitorRegion["state"] {
  if (reports.some(({ region }) => region.is_up)) return "up";
  return (row?.refused_at ?? 0) > (row?.seen_at ?? 0) ? "refused" : "away";
}

function refusalOf(row?: VoiceNodeRow): MonitorRegion["refusal"] {
  if (!row?.refused_at || row.refusal === null) return null;
  return { at: new Date(row.refused_at).toISOString(), why: row.refusal as RegionRefusal };
}

function isoOf(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}
