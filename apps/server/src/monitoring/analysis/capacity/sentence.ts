import type { Capacity, CapacityResource, CostKind } from "@miscord/protocol";
import type { Language } from "../words.ts";

type Told = Pick<Capacity, "people" | "known" | "nodes" | "first">;

interface Words {
  readonly carries: (people: string, low: string, high: string) => string;
  readonly carriesTogether: (people: string, low: string, high: string, nodes: number) => string;
  readonly limit: (resource: string) => string;
  readonly most: (kind: string) => string;
  readonly fewHours: (hours: string, needed: string) => string;
  readonly fewPeople: (people: string, needed: string) => string;
  readonly resources: Readonly<Record<CapacityResource, string>>;
  readonly kinds: Readonly<Record<CostKind, string>>;
}

const en: Words = {
  carries: (people, low, high) => `This machine carries about ${people} people at today's habits (${low} to ${high})`,
  carriesTogether: (people, low, high, nodes) =>
    `These ${nodes} nodes together carry about ${people} people at today's habits (${low} to ${high})`,
  limit: (resource) => `; the first limit is ${resource}`,
  most: (kind) => `, most of all through ${kind}`,
  fewHours: (hours, needed) =>
    `Not enough data yet to tell how many people this machine carries: ${hours} of ${needed} hours.`,
  fewPeople: (people, needed) =>
    `Not enough data yet to tell how many people this machine carries: at most ${people} at once so far, ${needed} are needed.`,
  resources: {
    event_loop: "the event loop",
    cpu: "the CPU",
    memory: "memory",
    connections: "the connection limit",
  },
  kinds: {
    connections: "open connections",
    arrivals: "arrivals",
    commands: "commands",
    requests: "requests",
    writes: "writes to sockets",
    deliveries: "deliveries",
  },
};

const ru: Words = {
  carries: (people, low, high) =>
    `При сегодняшних привычках эта машина выдержит примерно ${people} человек (от ${low} до ${high})`,
  carriesTogether: (people, low, high, nodes) =>
    `При сегодняшних привычках все узлы вместе (${nodes}) выдержат примерно ${people} человек (от ${low} до ${high})`,
  limit: (resource) => `; первый предел — ${resource}`,
  most: (kind) => `, больше всего из-за ${kind}`,
  fewHours: (hours, needed) => `Пока мало данных о том, сколько человек выдержит эта машина: ${hours} ч из ${needed}.`,
  fewPeople: (people, needed) =>
    `Пока мало данных о том, сколько человек выдержит эта машина: одновременно было не больше ${people}, нужно ${needed}.`,
  resources: {
    event_loop: "цикл событий",
    cpu: "процессор",
    memory: "память",
    connections: "лимит соединений",
  },
  kinds: {
    connections: "открытых соединений",
    arrivals: "подключений",
    commands: "команд",
    requests: "запросов",
    writes: "записи в сокеты",
    deliveries: "доставок",
  },
};

const words: Readonly<Record<Language, Words>> = { en, ru };

/** What the figures say, in one sentence by language. */
export function capacitySentences(told: Told): Capacity["sentence"] {
  return { en: sentence(told, "en"), ru: sentence(told, "ru") };
}

function sentence({ people, known, nodes, first }: Told, language: Language): string {
  const told = words[language];
  const about = (value: number) => new Intl.NumberFormat(language).format(Number(value.toPrecision(2)));
  const whole = (value: number) => new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(value);
  if (!people || !first) {
    if (known.hours < known.of_hours) return told.fewHours(whole(Math.floor(known.hours)), whole(known.of_hours));
    return told.fewPeople(whole(known.people), whole(known.of_people));
  }
  const [expected, low, high] = [people.expected, people.low, people.high].map(about) as [string, string, string];
  const carries = nodes === 1 ? told.carries(expected, low, high) : told.carriesTogether(expected, low, high, nodes);
  const most = first.kind === null ? "" : told.most(told.kinds[first.kind]);
  return `${carries}${told.limit(told.resources[first.resource])}${most}.`;
}
