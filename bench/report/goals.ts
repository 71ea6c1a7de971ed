import { highestHeld, durableShare } from "./sections.ts";
import type { Entry, Numbers, Results } from "./results.ts";
import { find, pointsOf, table } from "./table.ts";
import type { AllResults } from "./targets.ts";

type Verdict = "met" | "**missed**" | "not measured" | "no verdict";

interface Outcome {
  /** Day of the measurement. */
  on: string;
  text: string;
  verdict: Verdict;
}

interface Goal {
  what: string;
  before: string;
  goal: string;
  /** From the results; null when they lack it. */
  measured: (results: AllResults) => Outcome | null;
  /** Measured beside a former version, which the benchmark does not run. */
  noted?: Outcome;
}

const megabyte = 1e6;
const nothing: Numbers = {};

/** The goals of the second stage for one process. */
const goals: readonly Goal[] = [
  {
    what: "10,000 arrivals with a joined channel; all back after a kill",
    before: "5.8; 4.4 times plain `ws`",
    goal: "2 times plain `ws` in the same run, each (stretch 1.4)",
    measured: ({ many }) => {
      const [opened, back] = ["openedMs", "allBackMs"].map((name) => ratio(many, "miscord", "ws-shared", name));
      if (!many || !opened || !back) return null;
      return outcome(many, `${opened.toFixed(1)}; ${back.toFixed(1)} times`, Math.max(opened, back) <= 2);
    },
  },
  {
    what: "resident memory after a start, nobody connected",
    before: "223 MB",
    goal: "110 MB",
    measured: ({ start }) => {
      const bytes = find(start, "miscord")?.median["rssBytes"];
      if (!start || bytes === undefined) return null;
      return outcome(start, `${(bytes / megabyte).toFixed(0)} MB`, bytes <= 110 * megabyte);
    },
  },
  {
    what: "memory per idle connection",
    before: "20 KB",
    goal: "plain `ws` and 4 KB",
    measured: ({ many }) => {
      const [ours, theirs] = ["miscord", "ws-shared"].map((name) => kib(find(many, name)));
      if (!many || ours === undefined || theirs === undefined) return null;
      return outcome(many, `${ours.toFixed(1)} KiB, \`ws\` ${theirs.toFixed(1)}`, ours <= theirs + 4);
    },
  },
  {
    what: "`npm start`, second start: from the server's process to its first answer",
    before: "about 1 s",
    goal: "400 ms, npm's share beside it",
    measured: ({ start }) => {
      const { answerMs, npmMs } = find(start, "miscord")?.median ?? nothing;
      if (!start || answerMs === undefined || npmMs === undefined) return null;
      return outcome(start, `${answerMs.toFixed(0)} ms; npm before it ${npmMs.toFixed(0)} ms`, answerMs <= 400);
    },
  },
  {
    what: "cost in the middle, 1000 readers: share of a core from 30/s to 200/s",
    before: "68 % at 50/s, 34 % at 200/s",
    goal: "never falls by more than a tenth",
    measured: ({ middle, busy }) => steadiness(middle ?? busy),
  },
  {
    what: "the same: latency between 30/s and 75/s",
    before: "p50 10 ms, p99 23 ms at 50/s",
    goal: "p50 under 22 ms, p99 under 50 ms",
    measured: ({ middle, busy }) => middleLatency(middle ?? busy),
  },
  {
    what: "the same: 5/s and below, 100/s and 200/s",
    before: "",
    goal: "as quick as before",
    measured: () => null,
    noted: {
      on: "2026-11-30",
      text: "100/s and 200/s: p50 0.96 and 1.01, p99 0.97 and 1.00 of the version of minutes before; 5/s and below do not wait in either",
      verdict: "met",
    },
  },
  {
    what: "W2, share of a core",
    before: "37 %, 0.65 of plain `ws`",
    goal: "0.45 of it",
    measured: ({ community }) => {
      const share = ratio(community, "miscord", "ws-shared", "cpuShare");
      return community && share ? outcome(community, `${share.toFixed(2)} of it`, share <= 0.45) : null;
    },
  },
  {
    what: "W3 at rest, 10,000 connections, share of a core",
    before: "17 %, as plain `ws`",
    goal: "8 %",
    measured: ({ many }) => {
      const share = find(many, "miscord")?.median["cpuShare"];
      return many && share !== undefined ? outcome(many, percent(share), share <= 0.08) : null;
    },
  },
  {
    what: "W4, 1000 senders",
    before: "8,751/s",
    goal: "0.5 of the bare log in the same run",
    measured: ({ durable }) => {
      const share = durableShare(durable, 1_000);
      const rate = find(durable, "miscord", 1_000)?.median["acksPerSecond"];
      if (!durable || share === undefined || rate === undefined) return null;
      return outcome(durable, `${share.toFixed(2)} of it, ${rate.toFixed(0)}/s`, share >= 0.5);
    },
  },
  {
    what: "the same, against the version before",
    before: "",
    goal: "1.4 times",
    measured: () => null,
    noted: {
      on: "2026-11-30",
      text: "0.63 of the version before rights (05e0c91): 8,470/s and 13,400/s, two runs each in turn",
      verdict: "**missed**",
    },
  },
  connectionsGoal(50_000, 15),
  connectionsGoal(100_000, 60),
  {
    what: "1000 readers, many messages a second",
    before: "700/s held",
    goal: "1,000/s held, and the rate at which it breaks",
    measured: breakingPoint,
  },
];

/** The table of the goals, with what was measured last and whether that meets them. */
export function goalTable(results: AllResults): string {
  const rows = goals.map(({ what, before, goal, measured, noted }) => {
    const found = measured(results) ?? noted;
    return [what, before, goal, found ? `${found.text} (${found.on})` : "", found?.verdict ?? "not measured"];
  });
  return table(["what", "before", "goal", "measured", ""], rows);
}

function connectionsGoal(people: number, heartbeatS: number): Goal {
  return {
    what: `connections on one machine, eight workers, heartbeats every ${heartbeatS} s`,
    before: "10,000",
    goal: `${people.toLocaleString("en")}, or the limit named; all resume after a killed worker`,
    measured: ({ connections }) => {
      const median = find(connections, "miscord-workers-8", people)?.median ?? nothing;
      const { connected, notConnected, lost = 0, notBack = 0, unresumed = 0, allBackMs = 0 } = median;
      if (!connections || connected === undefined) return null;
      const isWhole = notConnected === 0 && notBack === 0 && unresumed === 0;
      const back = lost - notBack - unresumed;
      const text = `${connected.toLocaleString("en")}; ${lost} lost, ${back} resumed, the last after ${(allBackMs / 1_000).toFixed(1)} s`;
      return outcome(connections, text, isWhole);
    },
  };
}

/** By how much the share of a core falls from its highest value at 30/s or more to a later one up to 200/s. */
function steadiness(results: Results | null): Outcome | null {
  const shares = sharesBetween(results, 30, 200);
  const [first] = shares;
  if (!results || !first || shares.length < 2) return null;
  let highest = first;
  let worst = { from: first, to: first, fall: 0 };
  for (const each of shares) {
    if (each.share > highest.share) highest = each;
    const fall = 1 - each.share / highest.share;
    if (fall > worst.fall) worst = { from: highest, to: each, fall };
  }
  const { from, to, fall } = worst;
  const told = `${percent(from.share)} at ${from.rate}/s, ${percent(to.share)} at ${to.rate}/s`;
  return outcome(results, fall === 0 ? "never falls" : `${told}: falls by ${percent(fall)}`, fall <= 0.1);
}

function sharesBetween(results: Results | null, least: number, most: number): { rate: number; share: number }[] {
  if (!results) return [];
  return pointsOf(results).flatMap((rate) => {
    const share = rate >= least && rate <= most ? find(results, "miscord", rate)?.median["cpuShare"] : undefined;
    return share === undefined ? [] : [{ rate, share }];
  });
}

function middleLatency(results: Results | null): Outcome | null {
  const entries = sharesBetween(results, 30, 75).map(({ rate }) => find(results, "miscord", rate)!);
  if (!results || entries.length === 0) return null;
  const worst = (name: string) => Math.max(...entries.map(({ median }) => median[name] ?? Infinity));
  const [p50, p99] = [worst("p50Ms"), worst("p99Ms")];
  const rates = entries.map(({ point }) => point);
  const text = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms at most, at ${rates.map((rate) => `${rate}/s`).join(", ")}`;
  const told = outcome(results, text, p50 < 22 && p99 < 50);
  const isWhole = rates.includes(30) && rates.includes(75);
  return isWhole || told.verdict !== "met" ? told : { ...told, verdict: "no verdict" };
}

function breakingPoint({ breaking, busy }: AllResults): Outcome | null {
  const results = breaking ?? busy;
  if (!results) return null;
  const held = highestHeld(results, "miscord");
  const above = pointsOf(results).find((rate) => rate > held && find(results, "miscord", rate));
  const rest = above === undefined ? "nothing above it was tried" : `not at ${above}/s`;
  const told = outcome(results, `${held}/s held, ${rest}`, held >= 1_000);
  return above === undefined && held < 1_000 ? { ...told, verdict: "no verdict" } : told;
}

function ratio(results: Results | null, ours: string, theirs: string, name: string): number | undefined {
  const [one, other] = [ours, theirs].map((contestant) => find(results, contestant)?.median[name]);
  return one && other ? one / other : undefined;
}

function outcome({ measuredAt }: Results, text: string, isMet: boolean): Outcome {
  return { on: measuredAt.slice(0, 10), text, verdict: isMet ? "met" : "**missed**" };
}

function kib(entry: Entry | undefined): number | undefined {
  const bytes = entry?.median["rssPerConnectionBytes"];
  return bytes === undefined ? undefined : bytes / 1024;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
