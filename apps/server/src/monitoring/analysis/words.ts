import type { AnalysisSeries, MonitorIncident, SeriesUnit } from "@miscord/protocol";

export type Language = "en" | "ru";

const seriesUnits: Readonly<Record<AnalysisSeries, SeriesUnit>> = {
  connections: "count",
  received: "perMinute",
  requests: "perMinute",
  bytes_received: "bytesPerMinute",
  voice_participants: "count",
  logins_refused: "perMinute",
  rate_limited: "perMinute",
  malformed: "perMinute",
  database_latency: "seconds",
  bus_latency: "seconds",
  cpu: "share",
  memory: "bytes",
  lag: "seconds",
  failures: "perMinute",
  error_rate: "share",
  latency_p50: "seconds",
  latency_p99: "seconds",
  sent: "perMinute",
  bytes_sent: "bytesPerMinute",
  events_per_batch: "ratio",
  dropped: "perMinute",
  slow_closed: "perMinute",
  reconnections: "perMinute",
  refused: "perMinute",
  voice_rtt: "seconds",
  voice_jitter: "seconds",
  voice_loss: "share",
  voice_bitrate: "bitrate",
};

interface Words {
  readonly series: Readonly<Record<AnalysisSeries, string>>;
  readonly coincidence: Readonly<Record<MonitorIncident["coincidences"][number]["kind"], string>>;
  /** @param plural category of the factor in the language */
  readonly times: (factor: string, plural: Intl.LDMLPluralRule) => string;
  readonly above: string;
  readonly below: string;
  readonly silent: string;
  readonly climbing: string;
  /** What comes every so many minutes did not come. */
  readonly missed: (minutes: number) => string;
  /** After what departed: since when, the value, the usual one. */
  readonly since: (value: string, usual: string) => string;
  readonly followed: string;
  readonly more: string;
  readonly node: string;
  /** Before the name of the only node that departs. */
  readonly onlyNode: string;
  readonly before: string;
  readonly perMinute: string;
  readonly ms: string;
  readonly kbits: string;
}

const en: Words = {
  series: {
    connections: "Connections",
    received: "Incoming commands",
    requests: "Requests",
    bytes_received: "Incoming bytes",
    voice_participants: "People in calls",
    logins_refused: "Refused logins",
    rate_limited: "Rate limited commands",
    malformed: "Malformed or forbidden commands",
    database_latency: "Database latency",
    bus_latency: "Bus latency",
    cpu: "CPU",
    memory: "Memory",
    lag: "Event loop lag",
    failures: "Server errors",
    error_rate: "Error rate",
    latency_p50: "Delivery latency (p50)",
    latency_p99: "Delivery latency (p99)",
    sent: "Delivered events",
    bytes_sent: "Outgoing bytes",
    events_per_batch: "Batch size",
    dropped: "Dropped events",
    slow_closed: "Slow clients closed",
    reconnections: "Reconnections",
    refused: "Refused connections",
    voice_rtt: "Voice round trip",
    voice_jitter: "Voice jitter",
    voice_loss: "Voice packet loss",
    voice_bitrate: "Voice bitrate",
  },
  coincidence: {
    restart: "a restart",
    deploy: "a new version",
    configuration: "changed settings",
    node_joined: "a node joined",
    node_gone: "a node went",
    circuit_breaker: "the circuit breaker opened",
    account: "much from one account",
    channel: "much in one channel",
  },
  times: (factor) => `${factor} times the usual`,
  above: "above the usual",
  below: "far below the usual",
  silent: "none at all",
  climbing: "climbing",
  missed: (minutes) => `no rise, which comes every ${minutes} minutes,`,
  since: (value, usual) => `since {{since}} (${value}, usually ${usual})`,
  followed: "; then",
  more: "and {count} more",
  node: "on",
  onlyNode: "only on",
  before: "; shortly before:",
  perMinute: "/min",
  ms: "ms",
  kbits: "kbit/s",
};

const ru: Words = {
  series: {
    connections: "Соединения",
    received: "Входящие команды",
    requests: "Запросы",
    bytes_received: "Входящие байты",
    voice_participants: "Люди в звонках",
    logins_refused: "Отклонённые входы",
    rate_limited: "Команды сверх лимита",
    malformed: "Неверные или запрещённые команды",
    database_latency: "Задержка базы данных",
    bus_latency: "Задержка шины",
    cpu: "Процессор",
    memory: "Память",
    lag: "Задержка цикла событий",
    failures: "Ошибки сервера",
    error_rate: "Доля ошибок",
    latency_p50: "Задержка доставки (p50)",
    latency_p99: "Задержка доставки (p99)",
    sent: "Доставленные события",
    bytes_sent: "Исходящие байты",
    events_per_batch: "Размер пачек",
    dropped: "Отброшенные события",
    slow_closed: "Отключённые медленные клиенты",
    reconnections: "Переподключения",
    refused: "Отклонённые соединения",
    voice_rtt: "Задержка голоса",
    voice_jitter: "Дрожание голоса",
    voice_loss: "Потери голосовых пакетов",
    voice_bitrate: "Битрейт голоса",
  },
  coincidence: {
    restart: "перезапуск",
    deploy: "новая версия",
    configuration: "изменены настройки",
    node_joined: "появился узел",
    node_gone: "пропал узел",
    circuit_breaker: "сработал предохранитель",
    account: "много команд от одной учётной записи",
    channel: "большая нагрузка в одном канале",
  },
  times: (factor, plural) => `в ${factor} ${plural === "many" || plural === "one" ? "раз" : "раза"} больше обычного`,
  above: "выше обычного",
  below: "намного ниже обычного",
  silent: "полная тишина",
  climbing: "постоянный рост",
  missed: (minutes) => `нет всплеска, обычного каждые ${minutes} мин,`,
  since: (value, usual) => `с {{since}} (${value}, обычно ${usual})`,
  followed: "; следом",
  more: "и ещё {count}",
  node: "на узле",
  onlyNode: "только на узле",
  before: "; незадолго до этого:",
  perMinute: "/мин",
  ms: "мс",
  kbits: "кбит/с",
};

export const words: Readonly<Record<Language, Words>> = { en, ru };

/** How a series is told in a departure. */
export function describedSeries(series: AnalysisSeries): Pick<MonitorIncident["departures"][number], "name" | "unit"> {
  return { name: { en: en.series[series], ru: ru.series[series] }, unit: seriesUnits[series] };
}
