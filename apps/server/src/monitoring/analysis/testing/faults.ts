import type { Fault } from "./community.ts";
import { Random } from "../../../testing/random.ts";

type FaultKind = "spike" | "level" | "silence" | "rhythm" | "drift";

export interface InjectedFault {
  readonly name: string;
  readonly kind: FaultKind;
  /** The series in which it begins; any of them counts as the right first cause. */
  readonly first: readonly string[];
  /** Hour of the day at which it begins. */
  readonly hour: number;
  readonly lastsMinutes: number;
  readonly fault: Fault;
}

type Figure = "main_connections" | "latency_p99" | "memory_bytes";

const noise = new Random(99);
/** The consequence follows its cause by so many minutes. */
const after = (minutes: number, since: number) => (since >= minutes ? 1 : 0);
const times = (factor: number, since: number, from = 0) => (since >= from ? factor : 1);

const spikes: readonly InjectedFault[] = [
  spike("a slow disk", 21, ["database_latency"], (minute, since) => ({
    database_latency: (minute.database_latency ?? 0) * 12,
    latency_p50: (minute.latency_p50 ?? 0) * times(4, since, 1),
    latency_p99: (minute.latency_p99 ?? 0) * times(6, since, 1),
  })),
  spike("a busy neighbour", 3, ["cpu", "lag"], (minute, since) => ({
    event_loop_lag_p99: minute.event_loop_lag_p99 * 15,
    latency_p99: (minute.latency_p99 ?? 0) * times(5, since, 1),
  })),
  spike("a crowd", 15, ["connections", "requests"], (minute) => ({
    main_connections: minute.main_connections * 3,
    requests: minute.requests * 6,
    messages_received: Math.round(minute.messages_received * 1.5),
    cpu_percent: minute.cpu_percent * 2.5,
  })),
  spike("guessed passwords", 11, ["logins_refused"], (minute) => ({ auth_failures: minute.auth_failures + 90 })),
  spike("one account that floods", 9, ["received", "rate_limited", "bytes_received"], (minute, since) => ({
    messages_received: minute.messages_received * 4 + 300,
    bytes_received: minute.bytes_received * 4 + 60_000,
    rate_limited: minute.rate_limited + 200 * after(1, since),
  })),
];

const levels: readonly InjectedFault[] = [
  level("a slower query after a deploy", 14, ["database_latency"], (minute, since) => ({
    database_latency: (minute.database_latency ?? 0) * 3,
    latency_p50: (minute.latency_p50 ?? 0) * times(1.8, since, 2),
  })),
  level("a costlier loop", 19, ["cpu"], (minute, since) => ({
    cpu_percent: minute.cpu_percent * 2.2,
    event_loop_lag_p99: minute.event_loop_lag_p99 * times(4, since, 2),
  })),
  level("a network that loses packets", 20, ["voice_loss"], (minute, since) => ({
    voice_loss: minute.voice_loss === null ? null : 0.08,
    voice_jitter: minute.voice_jitter === null ? null : minute.voice_jitter * times(4, since, 1),
  })),
  level("errors of a broken command", 13, ["failures"], (minute) => ({ failures: minute.failures + 12 })),
  level("half of the people cannot connect", 20, ["connections", "refused"], (minute, since) => ({
    main_connections: Math.round(minute.main_connections * 0.4),
    messages_received: Math.round(minute.messages_received * 0.4),
    requests: Math.round(minute.requests * 0.4),
    connection_errors: minute.connection_errors + 60 * after(1, since),
  })),
];

const silences: readonly InjectedFault[] = [
  silence("nobody's messages arrive", 18, ["received"], (minute, since) => ({
    messages_received: 0,
    messages_sent: since >= 1 ? 0 : minute.messages_sent,
  })),
  silence("nothing is delivered", 22, ["sent"], () => ({ messages_sent: 0, bytes_sent: 0 })),
  silence("no request arrives", 12, ["requests"], () => ({ requests: 0 })),
  silence("all are cut off", 16, ["connections"], () => ({
    main_connections: 0,
    messages_received: 0,
    requests: 0,
    messages_sent: 0,
    bytes_sent: 0,
    bytes_received: 0,
    voice_participants: 0,
  })),
  silence("calls end", 21, ["voice_participants"], () => ({ voice_participants: 0 })),
];

/** Activity that does not follow the hour: it stands still, or is that of another hour. */
const rhythms: readonly InjectedFault[] = [
  rhythm("an afternoon at three at night", 3, ["received", "requests", "bytes_received"], (minute) => ({
    messages_received: minute.messages_received * 5,
    requests: minute.requests * 5,
    bytes_received: minute.bytes_received * 5,
  })),
  rhythm("bots that connect at five", 5, ["connections"], (minute) => ({
    main_connections: minute.main_connections + 250,
  })),
  rhythm("an evening without messages to speak of", 20, ["received"], (minute, since) => ({
    messages_received: Math.round(minute.messages_received * 0.25),
    messages_sent: Math.round(minute.messages_sent * (since >= 1 ? 0.25 : 1)),
    bytes_received: Math.round(minute.bytes_received * (since >= 1 ? 0.4 : 1)),
  })),
  rhythm("calls at four at night", 4, ["voice_participants"], (minute) => ({
    voice_participants: minute.voice_participants + 40,
  })),
  rhythm("requests that come in bursts", 10, ["requests"], (minute, since) => ({
    requests: since % 3 === 2 ? 0 : minute.requests * 4,
  })),
];

export interface Leak {
  readonly name: string;
  readonly first: readonly string[];
  readonly hour: number;
  /** Headroom at its start, and how many hours it takes to use all of it. */
  readonly limit: number;
  readonly hours: number;
  readonly figure: Figure | "database_latency" | "event_loop_lag_p99";
}

const memory = { figure: "memory_bytes", first: ["memory"] } as const;
export const leaks: readonly Leak[] = [
  { ...memory, name: "memory within four hours", hour: 10, limit: 1e9, hours: 4 },
  { ...memory, name: "memory within twelve hours", hour: 22, limit: 1e9, hours: 12 },
  { ...memory, name: "memory within a day", hour: 3, limit: 1e9, hours: 24 },
  { ...memory, name: "memory within two days", hour: 15, limit: 1e9, hours: 48 },
  { ...memory, name: "memory within four days", hour: 8, limit: 1e9, hours: 96 },
  { ...memory, name: "memory of a small machine within a day", hour: 12, limit: 512e6, hours: 24 },
  { ...memory, name: "memory of a small machine within three days", hour: 18, limit: 512e6, hours: 72 },
  {
    figure: "main_connections",
    first: ["connections"],
    name: "sockets that never close",
    hour: 1,
    limit: 3_000,
    hours: 24,
  },
  {
    figure: "database_latency",
    first: ["database_latency"],
    name: "a slower and slower query",
    hour: 9,
    limit: 0.05,
    hours: 48,
  },
  { figure: "event_loop_lag_p99", first: ["lag"], name: "a lag that creeps", hour: 6, limit: 0.1, hours: 24 },
];

/** The leak adds to the figure what it has used by now, of the headroom at its start. */
export function leakFault({ figure, limit, hours }: Leak): Fault {
  let from: number | null = null;
  return (minute, since) => {
    const value = minute[figure] ?? 0;
    from ??= value;
    const leaked = ((limit - from) * since) / 60 / hours;
    return { [figure]: figure.endsWith("s") ? Math.round(value + leaked) : value + leaked };
  };
}

export const suddenFaults: readonly InjectedFault[] = [...spikes, ...levels, ...silences, ...rhythms];

type Part = [name: string, hour: number, first: readonly string[], fault: Fault];
function spike(...part: Part): InjectedFault {
  return injected("spike", 12, part);
}
function level(...part: Part): InjectedFault {
  return injected("level", 60, part);
}
function silence(...part: Part): InjectedFault {
  return injected("silence", 30, part);
}
function rhythm(...part: Part): InjectedFault {
  return injected("rhythm", 60, part);
}

function injected(kind: FaultKind, lastsMinutes: number, [name, hour, first, fault]: Part): InjectedFault {
  // Faults do not begin on the full hour.
  return { name, kind, first, hour: hour + noise.next(), lastsMinutes, fault };
}
