import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import type { Locale } from "@miscord/protocol";
import { notesOf, settingNames, settings, type SettingName, type Settings } from "./config/settings.ts";
import type { Rate } from "./concurrency/token-bucket.ts";
import type { RateSettings } from "./domain/rate-limits.ts";
import type { DomainSettings } from "./domain/settings.ts";
import type { GifProviderSettings } from "./gifs/open-gif-provider.ts";
import type { ProviderSettings } from "./oidc/provider-settings.ts";
import type { StorageSettings } from "./storage/open-storage.ts";
import type { VoiceSettings } from "./voice/create-voice.ts";

export interface Config extends DomainSettings, VoiceSettings, StorageSettings {
  /** 0 takes a free port. */
  readonly port: number;
  /** Undefined: every address of the machine. */
  readonly host: string | undefined;
  readonly registration: Settings["REGISTRATION"];
  readonly oidcProviders: readonly ProviderSettings[];
  readonly serverCreation: Settings["SERVER_CREATION"];
  readonly linkPreviews: Settings["LINK_PREVIEWS"];
  /** Null: GIFs are not searched. */
  readonly gifProvider: Omit<GifProviderSettings, "key"> | null;
  /** Apart from the provider: digests of settings that are not secret are stored. */
  readonly gifApiKey: string | undefined;
  readonly maxUploadBytes: number;
  readonly dataDir: string;
  readonly logDir: string;
  readonly publicUrl: string | undefined;
  readonly instanceName: string;
  /** Undefined: no mail is sent. With it, `smtpFrom` and `publicUrl` are set. */
  readonly smtpUrl: string | undefined;
  readonly smtpFrom: string | undefined;
  readonly mailLanguage: Locale;
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly webSocketUrl: string | undefined;
  /** Processes that serve clients. */
  readonly workers: number;
  /** Undefined: the host's name and a random part. */
  readonly nodeName: string | undefined;
  readonly rebalanceIntervalMs: number;
  /** Undefined: the embedded database. */
  readonly databaseUrl: string | undefined;
  readonly databasePool: number;
  /** Undefined: no other node. */
  readonly redisUrl: string | undefined;
  readonly secretKey: string | undefined;
  readonly rates: RateSettings;
  /** By client address: requests without a valid login, and refused WebSockets. */
  readonly anonymousRate: Rate;
  readonly maxConnections: number;
  readonly maxConnectionsPerUser: number;
  readonly maxConnectionsPerAddress: number;
  readonly maxRequestsPerAddress: number;
  /** Within this the body of a request arrives; an upload moves within it. */
  readonly bodyTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly cleanupTimeoutMs: number;
  readonly batchSize: number;
  readonly flushIntervalMs: number;
  readonly failureThreshold: number;
  readonly failureWindowMs: number;
  readonly recoveryTimeoutMs: number;
  readonly logLevel: Settings["LOG_LEVEL"];
  readonly metricsToken: string | undefined;
  /** Undefined: none. */
  readonly alertWebhook: string | undefined;
  readonly alertChannel: number | undefined;
  readonly alertAdmins: Settings["ALERT_ADMINS"];
  readonly alertLanguage: Settings["ALERT_LANGUAGE"];
  readonly weeklySummary: Settings["WEEKLY_SUMMARY"];
}

export type ConfigOutcome = { config: Config } | { faults: string[] } | { help: true };
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration from the command line and the environment. Reports all faults at once, by the setting's name.
 */
export function readConfig(
  environment: Environment = { ...readEnvFile(".env"), ...process.env },
  args: readonly string[] = process.argv.slice(2),
): ConfigOutcome {
  const faults: string[] = [];
  const flags = readFlags(args, faults);
  if (flags["help"]) return { help: true };
  const texts = Object.fromEntries(settingNames.map((name) => [name, textOf(name, environment, flags, faults)]));
  const parsed = settings.safeParse(texts);
  if (parsed.success) faults.push(...combinationFaults(parsed.data));
  if (parsed.success && faults.length === 0) return { config: toConfig(parsed.data) };
  const issues = Map.groupBy(parsed.error?.issues ?? [], (issue) => issue.path[0] as SettingName);
  return { faults: [...faults, ...[...issues].map(([name, [first]]) => `${label(name)} ${first!.message}`)] };
}

/** Faults of settings that are valid one by one. */
function combinationFaults(values: Settings): string[] {
  const { REDIS_URL, DATABASE_URL, WORKERS, SMTP_URL, SMTP_FROM, PUBLIC_URL, OIDC_PROVIDERS, PASSWORD_LOGIN } = values;
  if (values.GIF_PROVIDER !== undefined && values.GIF_API_KEY === undefined)
    return ["GIF_PROVIDER is a service with an API: it needs GIF_API_KEY"];
  if (SMTP_URL !== undefined && (SMTP_FROM === undefined || PUBLIC_URL === undefined))
    return ["SMTP_URL sends mails with links: it needs SMTP_FROM and PUBLIC_URL"];
  if (REDIS_URL !== undefined && DATABASE_URL === undefined)
    return ["REDIS_URL joins nodes that share a PostgreSQL: it needs DATABASE_URL"];
  if (WORKERS > 1 && DATABASE_URL !== undefined && REDIS_URL === undefined)
    return ["WORKERS (--workers) makes several nodes of one machine with DATABASE_URL: it needs REDIS_URL"];
  if (OIDC_PROVIDERS.length > 0 && PUBLIC_URL === undefined)
    return ["OIDC_PROVIDERS send people back to this instance: it needs PUBLIC_URL"];
  if (PASSWORD_LOGIN === "off" && OIDC_PROVIDERS.length === 0)
    return ["PASSWORD_LOGIN is off, so people need another way to log in: it needs OIDC_PROVIDERS"];
  return [];
}

function readEnvFile(path: string): Environment {
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}

function label(name: SettingName): string {
  const { flag } = notesOf(name);
  return flag ? `${name} (--${flag})` : name;
}

type Flags = Readonly<Record<string, string | boolean | undefined>>;

function readFlags(args: readonly string[], faults: string[]): Flags {
  const names = settingNames.flatMap((name) => notesOf(name).flag ?? []);
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: "boolean", short: "h" } } }).values;
  } catch (error) {
    faults.push(error instanceof Error ? error.message.split(". ")[0]! : String(error));
    return {};
  }
}

/** Precedence: option, environment variable, file named by `<NAME>_FILE`. An empty value is the same as none. */
function textOf(name: SettingName, environment: Environment, flags: Flags, faults: string[]): string | undefined {
  const { flag, secret } = notesOf(name);
  const given = flag === undefined ? undefined : flags[flag];
  if (typeof given === "string") return given.trim() || undefined;
  const file = secret ? environment[`${name}_FILE`] : undefined;
  if (environment[name]) {
    if (file) faults.push(`${name} and ${name}_FILE are both set; only one may be`);
    return environment[name].trim() || undefined;
  }
  return file ? readSecret(name, file, faults) : undefined;
}

function readSecret(name: string, file: string, faults: string[]): string | undefined {
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    faults.push(`${name}_FILE names a file that cannot be read: ${file}`);
    return undefined;
  }
}

function toConfig(values: Settings): Config {
  const dataDir = resolve(values.DATA_DIR);
  return {
    port: values.PORT,
    host: values.HOST,
    dataDir,
    logDir: resolve(values.LOG_DIR),
    publicUrl: values.PUBLIC_URL,
    instanceName: values.INSTANCE_NAME,
    trustedProxies: values.TRUSTED_PROXIES,
    corsOrigins: values.CORS_ORIGINS,
    webSocketUrl: values.NEXT_PUBLIC_WS_URL,
    workers: values.WORKERS,
    nodeName: values.NODE_NAME,
    rebalanceIntervalMs: values.REBALANCE_INTERVAL,
    databaseUrl: values.DATABASE_URL,
    databasePool: values.DATABASE_POOL,
    redisUrl: values.REDIS_URL,
    secretKey: values.SECRET_KEY,
    registration: values.REGISTRATION,
    serverCreation: values.SERVER_CREATION,
    linkPreviews: values.LINK_PREVIEWS,
    gifProvider: gifProviderOf(values),
    gifApiKey: values.GIF_API_KEY,
    oidcProviders: values.OIDC_PROVIDERS,
    hasPasswordLogin: values.PASSWORD_LOGIN === "on",
    encryptsPrivateCalls: values.VOICE_ENCRYPTION === "private",
    accessTokenTtlMs: values.ACCESS_TOKEN_TTL,
    sessionTtlMs: values.SESSION_TTL,
    legacyTokenTtlMs: values.LEGACY_TOKEN_TTL,
    smtpUrl: values.SMTP_URL,
    smtpFrom: values.SMTP_FROM,
    mailLanguage: values.MAIL_LANGUAGE,
    auditLogMs: values.AUDIT_LOG_DAYS * 86_400_000,
    addressMs: values.ADDRESS_DAYS * 86_400_000,
    retention: retentionOf(values),
    storage: values.STORAGE,
    s3AccessKeyId: values.S3_ACCESS_KEY_ID,
    s3SecretAccessKey: values.S3_SECRET_ACCESS_KEY,
    ...uploadLimitsOf(values),
    rates: ratesOf(values),
    anonymousRate: values.RATE_ANONYMOUS,
    maxConnections: values.MAX_WEBSOCKET_CONNECTIONS,
    maxConnectionsPerUser: values.MAX_CONNECTIONS_PER_USER,
    maxConnectionsPerAddress: values.MAX_CONNECTIONS_PER_ADDRESS,
    maxRequestsPerAddress: values.MAX_REQUESTS_PER_ADDRESS,
    bodyTimeoutMs: values.BODY_TIMEOUT,
    heartbeatIntervalMs: values.HEARTBEAT_INTERVAL,
    cleanupTimeoutMs: values.CLEANUP_TIMEOUT,
    batchSize: values.BATCH_SIZE,
    flushIntervalMs: values.FLUSH_INTERVAL,
    ...voiceOf(values),
    failureThreshold: values.FAILURE_THRESHOLD,
    failureWindowMs: values.FAILURE_WINDOW,
    recoveryTimeoutMs: values.RECOVERY_TIMEOUT,
    logLevel: values.LOG_LEVEL,
    metricsToken: values.METRICS_TOKEN,
    ...alertsOf(values),
  };
}

function alertsOf(values: Settings) {
  return {
    alertWebhook: values.ALERT_WEBHOOK,
    alertChannel: values.ALERT_CHANNEL,
    alertAdmins: values.ALERT_ADMINS,
    alertLanguage: values.ALERT_LANGUAGE,
    weeklySummary: values.WEEKLY_SUMMARY,
  };
}

function retentionOf(values: Settings): Config["retention"] {
  return {
    message_days: values.RETENTION_MESSAGE_DAYS,
    file_days: values.RETENTION_FILE_DAYS,
    file_mb: values.RETENTION_FILE_MB,
  };
}

function voiceOf(values: Settings): Omit<VoiceSettings, "publicUrl"> {
  return {
    forwardsVoice: values.VOICE_MODE === "forwarded",
    voicePort: values.VOICE_PORT,
    voiceAddresses: values.VOICE_ADDRESS,
    voiceRegion: values.VOICE_REGION,
    voiceRoomLimit: values.VOICE_ROOM_LIMIT,
    voiceMeshLimit: values.VOICE_MESH_LIMIT,
    stunUrls: values.STUN_URLS,
    turnUrls: values.TURN_URLS,
    turnSecret: values.TURN_SECRET,
    turnTtlMs: values.TURN_TTL,
    voiceRelayOnly: values.VOICE_RELAY_ONLY === "auto",
  };
}

function uploadLimitsOf(values: Settings) {
  return {
    maxUploadBytes: values.MAX_UPLOAD_BYTES,
    uploadQuotaBytes: values.UPLOAD_QUOTA_BYTES,
    uploadTotalBytes: values.UPLOAD_TOTAL_BYTES,
    minFreeBytes: values.MIN_FREE_BYTES,
  };
}

function ratesOf(values: Settings): RateSettings {
  return {
    messages: values.RATE_MESSAGES,
    changes: values.RATE_CHANGES,
    reports: values.RATE_REPORTS,
    invitations: values.RATE_INVITATIONS,
    invitationsReceived: values.RATE_INVITATIONS_RECEIVED,
    typing: values.RATE_TYPING,
    joins: values.RATE_JOINS,
    requests: values.RATE_REQUESTS,
    searches: values.RATE_SEARCHES,
    connections: values.RATE_CONNECTIONS,
    logins: values.RATE_LOGINS,
    accountLogins: values.RATE_ACCOUNT_LOGINS,
    registrations: values.RATE_REGISTRATIONS,
  };
}

function gifProviderOf({ GIF_PROVIDER: kind, GIF_API_URL: url }: Settings): Config["gifProvider"] {
  return kind === undefined ? null : { kind, url };
}
