import { z } from "zod";
import { iceUrls, networks, oneOf, origins, rate, seconds, url, wholeNumber } from "./values.ts";

export interface SettingNotes {
  section: string;
  description: string;
  /** Name of the option on the command line. */
  flag?: string;
  /** Never shown; may be read from the file that `<NAME>_FILE` names. */
  secret?: boolean;
}

/** The notes on each setting for --help and example.env. */
const notes = z.registry<SettingNotes>();

/** All settings by environment variable. An empty value is the same as none. */
export const settings = z.object({
  ...section("Where it is found", {
    PORT: [wholeNumber(0, 65_535).prefault("8000"), "Port to listen on; 0 takes a free one.", { flag: "port" }],
    HOST: [z.string().optional(), "Address to listen on; all of the machine's when empty.", { flag: "host" }],
    PUBLIC_URL: [
      url(["http:", "https:"]).optional(),
      "Address under which people reach Miscord, for the links it prints.",
      { flag: "public-url" },
    ],
    INSTANCE_NAME: [z.string().max(60).prefault("Miscord"), "Name of this instance, shown to everybody."],
    DATA_DIR: [z.string().prefault("data"), "Folder for the database, uploads and secrets.", { flag: "data" }],
    TRUSTED_PROXIES: [
      networks.prefault(""),
      "Addresses or networks of the proxies in front, whose X-Forwarded-For counts. None when empty.",
    ],
    CORS_ORIGINS: [
      origins.prefault(""),
      "Other origins whose pages may use this server; JSON array or list with commas. Its own is always allowed.",
    ],
    NEXT_PUBLIC_WS_URL: [
      url(["ws:", "wss:"]).optional(),
      "Where a web client finds the sockets when it is not served by this server.",
    ],
  }),
  ...section("Accounts", {
    REGISTRATION: [
      oneOf(["open", "invite", "closed"]).prefault("open"),
      "Who may register: everybody (open), those with an invite link (invite), nobody (closed).",
    ],
    SECRET_KEY: [
      z.string().min(32, "must have at least 32 characters").optional(),
      "Key that signs access tokens; made on first start and kept in the data folder when not set.",
      { secret: true },
    ],
    ACCESS_TOKEN_TTL: [seconds(30, 86_400).prefault("900"), "Seconds that an access token lives."],
    SESSION_TTL: [seconds(3_600, 31_536_000).prefault("2592000"), "Seconds that an unused session stays logged in."],
    LEGACY_TOKEN_TTL: [
      seconds(60, 31_536_000).prefault("604800"),
      "Seconds that the token lasts which clients get that log in with a form and cannot refresh.",
    ],
  }),
  ...section("Files", {
    MAX_UPLOAD_BYTES: [wholeNumber(1).prefault("26214400"), "Bytes of the largest file that may be sent."],
    UPLOAD_QUOTA_BYTES: [wholeNumber(1).prefault("262144000"), "Bytes one person may have uploaded and not yet sent."],
    MIN_FREE_BYTES: [wholeNumber(0).prefault("268435456"), "Bytes that uploads leave free on the disk."],
  }),
  ...section("Rates: how many a period, and how many at once", {
    RATE_MESSAGES: [rate.prefault("10/s,20"), "Messages of a person."],
    RATE_CHANGES: [
      rate.prefault("10/s,30"),
      "Edits, deletions, reactions, changes of status and profile, servers joined and left of a person.",
    ],
    RATE_TYPING: [rate.prefault("2/s,10"), "Typing notices of a person."],
    RATE_JOINS: [rate.prefault("20/s,100"), "Channels that a person opens."],
    RATE_REQUESTS: [
      rate.prefault("50/s,200"),
      "HTTP requests of a person, and read positions and new tokens sent over a socket.",
    ],
    RATE_CONNECTIONS: [rate.prefault("60/min"), "New sockets of a person."],
    RATE_LOGINS: [rate.prefault("15/min,30"), "Attempts to log in from an address."],
    RATE_ACCOUNT_LOGINS: [
      rate.prefault("2/min,20"),
      "Failed attempts to log in to an account from an address; ten times as many from all addresses together.",
    ],
    RATE_REGISTRATIONS: [rate.prefault("5/min,30"), "Registrations from an address."],
  }),
  ...section("Connections", {
    MAX_WEBSOCKET_CONNECTIONS: [wholeNumber(1).prefault("10000"), "Most sockets of this instance."],
    MAX_CONNECTIONS_PER_USER: [wholeNumber(1).prefault("20"), "Most sockets of a person."],
    MAX_CONNECTIONS_PER_ADDRESS: [wholeNumber(1).prefault("2000"), "Most sockets from an address."],
    HEARTBEAT_INTERVAL: [
      seconds(1, 300).prefault("15"),
      "Seconds between heartbeats. A socket that is silent for two of them, and for at least 30 s, is closed.",
    ],
    CLEANUP_TIMEOUT: [
      seconds(1, 86_400).prefault("300"),
      "Seconds after which a socket whose setup has not finished is closed.",
    ],
    BATCH_SIZE: [wholeNumber(1, 1_000).prefault("50"), "Most events in one batch."],
    FLUSH_INTERVAL: [
      seconds(0, 5).prefault("0.05"),
      "Most seconds that a busy server lets an event wait, so that many are stored and told together; 0: nothing waits.",
    ],
  }),
  ...section("Voice", {
    VOICE_ROOM_LIMIT: [
      wholeNumber(2, 1_000).prefault("10"),
      "Most people in a voice channel. Everybody sends to everybody, so each one more costs all of them.",
    ],
    STUN_URLS: [
      iceUrls(["stun", "stuns"]).prefault("stun:stun.cloudflare.com:3478,stun:stun.l.google.com:19302"),
      'STUN servers that tell browsers their public address; JSON array or list with commas, "none" for none.',
    ],
    TURN_URLS: [
      iceUrls(["turn", "turns"]).prefault(""),
      "TURN servers that relay calls where no direct way exists; JSON array or list with commas.",
    ],
    TURN_SECRET: [
      z.string().min(16, "must have at least 16 characters").optional(),
      "Secret shared with the TURN server (coturn's static-auth-secret), for credentials that expire.",
      { secret: true },
    ],
    TURN_TTL: [seconds(60, 604_800).prefault("43200"), "Seconds that a call's TURN credentials last."],
  }),
  ...section("Circuit breaker: protects a failing database", {
    FAILURE_THRESHOLD: [wholeNumber(1).prefault("10"), "Failures within the window that open it."],
    FAILURE_WINDOW: [seconds(1, 3_600).prefault("60"), "Seconds over which failures are counted."],
    RECOVERY_TIMEOUT: [seconds(1, 3_600).prefault("120"), "Seconds until it tries again."],
  }),
  ...section("Observation", {
    LOG_LEVEL: [
      oneOf(["trace", "debug", "info", "warn", "error", "silent"]).prefault("info"),
      "Least severe entry that is logged.",
    ],
    METRICS_TOKEN: [
      z.string().min(16, "must have at least 16 characters").optional(),
      "Bearer token that opens /metrics, and the single checks of /health, to others than this machine itself.",
      { secret: true },
    ],
  }),
});

export type Settings = z.infer<typeof settings>;
export type SettingName = keyof Settings;
export const settingNames = Object.keys(settings.shape) as SettingName[];

type Entry = [schema: z.ZodType, description: string, extra?: Omit<SettingNotes, "section" | "description">];
type Schemas<T extends Record<string, Entry>> = { [Name in keyof T]: T[Name][0] };

function section<const T extends Record<string, Entry>>(title: string, entries: T): Schemas<T> {
  const schemas = Object.entries(entries).map(([name, [schema, description, extra]]) => {
    schema.register(notes, { section: title, description, ...extra });
    return [name, schema];
  });
  return Object.fromEntries(schemas) as Schemas<T>;
}

export function notesOf(name: SettingName): SettingNotes {
  return notes.get(settings.shape[name])!;
}

/** The default as text in an environment variable; undefined without one. */
export function defaultOf(name: SettingName): string | undefined {
  const { def } = settings.shape[name] as z.ZodType & { def: { defaultValue?: string } };
  return def.defaultValue;
}
