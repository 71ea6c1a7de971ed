import { parseArgs } from "node:util";
import { contestants } from "./contestants.ts";
import type { Contestant } from "./contestant.ts";
import { extraScenarios, scenarios } from "./scenarios/all.ts";
import { connectionsMost } from "./scenarios/connections.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { fullSettings, quickSettings, type Settings } from "./settings.ts";

export interface Options {
  scenarios: readonly Scenario[];
  contestants: readonly Contestant[];
  settings: Settings;
  isQuick: boolean;
  /** Whether to store the figures in bench/results. */
  saves: boolean;
  /** Only regenerate tables and plots from the stored results. */
  reportOnly: boolean;
}

/** Contestants of a quick run: one of each kind. */
const quickContestants = "miscord,miscord-deflate,socket.io,ws-shared";

const usualLoads = fullSettings.connections.loads
  .map(({ people, heartbeatS }) => `${people} with heartbeats every ${heartbeatS} s`)
  .join(", ");

export const usage = `npm run bench -- [options]
  --quick                 everything in small, as a check that it works; saves nothing
  --only W1,W3            these workloads (${[...scenarios, ...extraScenarios].map(({ name }) => name).join(", ")})
  --contestants a,b       of ${contestants.map(({ name }) => name).join(", ")}
  --rates 100,200         messages per second in W1, curve, middle and break
  --senders 1,10          senders in W4
  --runs 3                runs of each
  --window 4              seconds that each figure is measured over
  --warm-up 20            seconds of traffic before each figure: several processes compile longer than one
  --people 10000          clients in W3 and in connections, there ${connectionsMost} at most; not told: ${usualLoads}
  --heartbeat 60          seconds between a client's heartbeats in connections
  --save                  keep the figures although this is not everything
  --report                only write tables and plots anew
Without options: W1 to W4, saved to bench/results and docs/performance.md; about half an hour. The others run when they are
named: curve and middle (the cost by rate), break (the rate at which 1000 readers break), connections (as many as eight
workers carry), start (npm start on a data folder that exists).`;

const flags = {
  quick: { type: "boolean" },
  only: { type: "string" },
  contestants: { type: "string" },
  rates: { type: "string" },
  senders: { type: "string" },
  runs: { type: "string" },
  window: { type: "string" },
  "warm-up": { type: "string" },
  people: { type: "string" },
  heartbeat: { type: "string" },
  save: { type: "boolean" },
  report: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Flags = ReturnType<typeof parse>;

function parse(args: string[]) {
  return parseArgs({ args, options: flags }).values;
}

/** Returns null for `--help`. Throws on unknown options and values. */
export function readOptions(args: string[]): Options | null {
  const given = parse(args);
  if (given.help) return null;
  const isPart = Boolean(
    given.only ?? given.contestants ?? given.rates ?? given.senders ?? given.runs ?? given.people ?? given.heartbeat,
  );
  return {
    scenarios: given.only === undefined ? scenarios : pick([...scenarios, ...extraScenarios], given.only),
    contestants:
      given.contestants === undefined && !given.quick
        ? contestants.filter(({ isLayout }) => !isLayout)
        : pick(contestants, given.contestants ?? quickContestants),
    settings: settingsOf(given),
    isQuick: given.quick ?? false,
    saves: given.save ?? !(given.quick || isPart || given.window || given["warm-up"]),
    reportOnly: given.report ?? false,
  };
}

function settingsOf(given: Flags): Settings {
  const base = structuredClone(given.quick ? quickSettings : fullSettings);
  if (given.runs) base.runs = positive(given.runs);
  if (given.rates) {
    const rates = given.rates.split(",").map(positive);
    base.busyChannel = { ...base.busyChannel, rates, savingRates: rates, climb: [], middle: rates, breaking: rates };
    base.curve = rates;
  }
  if (given.senders) base.durable.senders = given.senders.split(",").map(positive);
  if (given.people) base.many.people = positive(given.people);
  const [usual] = base.connections.loads;
  if (given.people || given.heartbeat) {
    const people = given.people ? positive(given.people) : usual!.people;
    const heartbeatS = given.heartbeat ? positive(given.heartbeat) : usual!.heartbeatS;
    base.connections.loads = [{ people, heartbeatS }];
  }
  if (given.window) {
    base.timing.windowMs = positive(given.window) * 1000;
    base.busyChannel.slowWindowMs = base.timing.windowMs;
  }
  if (given["warm-up"]) base.timing.warmUpMs = base.community.warmUpMs = positive(given["warm-up"]) * 1000;
  return base;
}

function pick<T extends { name: string }>(all: readonly T[], names: string | undefined): readonly T[] {
  if (names === undefined) return all;
  return names.split(",").map((name) => {
    const found = all.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
    if (!found) throw new Error(`unknown: ${name}`);
    return found;
  });
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`not a positive number: ${text}`);
  return value;
}
