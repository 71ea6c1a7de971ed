import { regionName } from "@miscord/protocol/schemas";
import { z } from "zod";
import { loginProviders } from "../oidc/provider-settings.ts";
import { alertSettings } from "./alert-settings.ts";
import { gifSettings } from "./gif-settings.ts";
import { moderationSettings, previewSettings, retentionSettings } from "./kept-settings.ts";
import {
  hosts,
  iceUrls,
  networks,
  nodeName,
  oneOf,
  origins,
  rate,
  rootUrl,
  seconds,
  smtpUrl,
  storageLocation,
  url,
  wholeNumber,
} from "./values.ts";

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
  ...section("Address and data", {
    PORT: [wholeNumber(0, 65_535).prefault("8000"), "Port to listen on; 0 takes a free one.", { flag: "port" }],
    HOST: [z.string().optional(), "Address to listen on; when empty, all addresses of the machine.", { flag: "host" }],
    PUBLIC_URL: [
      rootUrl(["http:", "https:"]).optional(),
      "Public address of this instance, for the links it prints. Passkeys are for it alone.",
      { flag: "public-url" },
    ],
    INSTANCE_NAME: [z.string().max(60).prefault("Miscord"), "Name of this instance, shown to everybody."],
    DATA_DIR: [z.string().prefault("data"), "Folder for the database, uploads and secrets.", { flag: "data" }],
    TRUSTED_PROXIES: [
      networks.prefault(""),
      "Addresses or networks of reverse proxies whose X-Forwarded-For is trusted. None when empty.",
    ],
    CORS_ORIGINS: [
      origins.prefault(""),
      "Other origins whose pages may use this instance; JSON array or comma-separated list. Its own is always allowed.",
    ],
    NEXT_PUBLIC_WS_URL: [
      url(["ws:", "wss:"]).optional(),
      "Origin of the WebSockets, for a web client that is not served by this instance.",
    ],
  }),
  ...section("Many nodes", {
    WORKERS: [
      wholeNumber(1, 64).prefault("1"),
      "Processes that serve clients on this machine; with more than 1 another process holds the database.",
      { flag: "workers" },
    ],
    NODE_NAME: [
      nodeName.optional(),
      "Name of this node in metrics and on the dashboard, another one for each node; a worker appends its number. When empty, the host's name and a random part.",
    ],
    DATABASE_URL: [
      url(["postgres:", "postgresql:"]).optional(),
      "PostgreSQL 15 or newer to use instead of the embedded database.",
      { secret: true },
    ],
    DATABASE_POOL: [
      wholeNumber(2, 1_000).prefault("10"),
      "Most connections of a node to PostgreSQL, besides two that it always has.",
    ],
    REDIS_URL: [
      url(["redis:", "rediss:"]).optional(),
      "Redis or Valkey that joins the nodes; needs DATABASE_URL. Without it a single node may run.",
      { secret: true },
    ],
    REBALANCE_INTERVAL: [
      seconds(0, 3_600).prefault("10"),
      "Seconds between two looks at whether the nodes, or workers, have equally many connections; if not, the fullest node moves some of its own to the others. 0: never.",
    ],
  }),
  ...section("Accounts", {
    REGISTRATION: [
      oneOf(["open", "invite", "approval", "closed"]).prefault("open"),
      "Who may register: everybody (open), those with an invite link (invite), those whom an administrator accepts (approval), nobody (closed). Administrators may set another value while Miscord runs.",
    ],
    SERVER_CREATION: [
      oneOf(["everyone", "admins"]).prefault("everyone"),
      "Who may create servers: everybody (everyone), administrators (admins). Administrators may set another value while Miscord runs.",
    ],
    OIDC_PROVIDERS: [
      loginProviders.prefault("[]"),
      "Login providers (OpenID Connect, Yandex ID, VK ID) as a JSON array: see docs/login-providers.md. Needs PUBLIC_URL.",
      { secret: true },
    ],
    PASSWORD_LOGIN: [oneOf(["on", "off"]).prefault("on"), "off: nobody registers or logs in with a password."],
    SECRET_KEY: [
      z.string().min(32, "must have at least 32 characters").optional(),
      "Key that signs access tokens, the same on all nodes; when not set, generated at the first start and kept in the database.",
      { secret: true },
    ],
    ACCESS_TOKEN_TTL: [seconds(30, 86_400).prefault("900"), "Seconds that an access token lives."],
    SESSION_TTL: [seconds(3_600, 31_536_000).prefault("2592000"), "Seconds that an unused session stays logged in."],
    LEGACY_TOKEN_TTL: [
      seconds(60, 31_536_000).prefault("604800"),
      "Seconds that the token of a version 1 client lives, which logs in with a form and cannot refresh.",
    ],
    ADDRESS_DAYS: [
      wholeNumber(1, 36_500).prefault("30"),
      "Days that the address of a session is kept after the session was used last.",
    ],
  }),
  ...section("Mail", {
    SMTP_URL: [
      smtpUrl.optional(),
      "Mail server through which this instance sends: smtps://user:password@host (TLS), or smtp://user:password@host (STARTTLS, which is required except on this machine, or none with ?tls=off). Needs SMTP_FROM and PUBLIC_URL. Without it no mail is sent, and everything else works.",
      { secret: true },
    ],
    SMTP_FROM: [
      z.email("must be an address like miscord@example.org").optional(),
      "Address that mails come from; its name is INSTANCE_NAME.",
    ],
    MAIL_LANGUAGE: [oneOf(["en", "ru"]).prefault("en"), "Language of mails to people who have not chosen one."],
  }),
  ...section("Moderation", moderationSettings),
  ...section("Retention", retentionSettings),
  ...section("Link previews", previewSettings),
  ...section("GIFs", gifSettings),
  ...section("Files", {
    STORAGE: [
      storageLocation.prefault("folder"),
      "Where uploads are kept: folder (uploads in DATA_DIR), file:///folder, which nodes may share, or s3://bucket/prefix?endpoint=https://host&region=name.",
    ],
    S3_ACCESS_KEY_ID: [z.string().optional(), "Access key id for a bucket.", { secret: true }],
    S3_SECRET_ACCESS_KEY: [z.string().optional(), "Secret access key for a bucket.", { secret: true }],
    MAX_UPLOAD_BYTES: [
      wholeNumber(1).prefault("26214400"),
      "Largest upload, in bytes. Administrators may set another value while Miscord runs.",
    ],
    UPLOAD_QUOTA_BYTES: [
      wholeNumber(1).prefault("262144000"),
      "Bytes that one user may have uploaded and not yet sent. Unsent files are deleted after a day.",
    ],
    UPLOAD_TOTAL_BYTES: [
      wholeNumber(0).prefault("5368709120"),
      "Bytes of all files that one user keeps here, sent or not, those of their bots and webhooks included, and of emoji, stickers and sounds of all servers that one user owns; 0: any number.",
    ],
    MIN_FREE_BYTES: [
      wholeNumber(0).prefault("268435456"),
      "Bytes that uploads leave free on the disk on which they arrive. Those under way count as written.",
    ],
  }),
  ...section("Rate limits: how many per period, and how many at once", {
    RATE_MESSAGES: [
      rate.prefault("10/s,20"),
      "Messages of a user. Administrators may set another value while Miscord runs. Those to everyone, to those online or to roles notify at most 20,000 people at once, then 200 a second.",
    ],
    RATE_CHANGES: [
      rate.prefault("10/s,30"),
      "Changes by a user that others notice: edits, deletions, reactions, status, profile, second factors, and all of a server, its channels, members and invites. One for many channels, with many overrides, or that archives a thread of many, counts as several; so do a new look of somebody in many servers, many bans together and large files that are forwarded. New threads, bots and webhooks: as many at once, then one for 1,200, for 6,000 and for 600 changes. Joins of large servers, and changes of what thousands reacted to, have a budget of their own.",
    ],
    RATE_REPORTS: [rate.prefault("5/min,10"), "Reports of a user."],
    RATE_INVITATIONS: [rate.prefault("1/min,20"), "Invitations by name that a user sends."],
    RATE_INVITATIONS_RECEIVED: [
      rate.prefault("10/h,10"),
      "Invitations by name that a user receives from all others together; from one sender three tenths of it.",
    ],
    RATE_TYPING: [rate.prefault("2/s,10"), "Typing events of a user."],
    RATE_JOINS: [rate.prefault("20/s,100"), "Channels that a user opens."],
    RATE_REQUESTS: [
      rate.prefault("50/s,200"),
      "HTTP requests of a user, and read positions, renewed tokens and pages of member lists over a socket. An answer counts as one for each 64 KiB, a list of servers also for each 200 channels of theirs; files that are read have five times this rate.",
    ],
    RATE_SEARCHES: [rate.prefault("5/s,30"), "Searches of a user, lists of webhooks and long audit logs included."],
    RATE_CONNECTIONS: [rate.prefault("60/min"), "New connections of a user."],
    RATE_LOGINS: [rate.prefault("15/min,30"), "Login attempts from an address."],
    RATE_ACCOUNT_LOGINS: [
      rate.prefault("2/min,20"),
      "Failed login attempts to one account from one address; ten times as many from all addresses together. As many times a session may send its password.",
    ],
    RATE_ANONYMOUS: [
      rate.prefault("500/s,5000"),
      "HTTP requests of an address without a valid login, and WebSockets of it that are refused.",
    ],
    RATE_REGISTRATIONS: [rate.prefault("5/min,30"), "Registrations from an address."],
  }),
  ...section("Connections", {
    MAX_WEBSOCKET_CONNECTIONS: [wholeNumber(1).prefault("10000"), "Most connections of a node; each worker is one."],
    MAX_CONNECTIONS_PER_USER: [wholeNumber(1).prefault("20"), "Most connections of a user."],
    MAX_CONNECTIONS_PER_ADDRESS: [wholeNumber(1).prefault("2000"), "Most connections from an address."],
    MAX_REQUESTS_PER_ADDRESS: [
      wholeNumber(1).prefault("1000"),
      "Most HTTP requests that run at the same time for an address.",
    ],
    BODY_TIMEOUT: [
      seconds(1, 1_800).prefault("30"),
      "Seconds within which the head and the body of a request must arrive. An upload may take 30 minutes, but must bring 32 KiB in each such period. An answer of which nothing is read for four of them is cut off.",
    ],
    HEARTBEAT_INTERVAL: [
      seconds(1, 300).prefault("15"),
      "Seconds between heartbeats. A connection that is silent for two of them, and for at least 30 s, is closed.",
    ],
    CLEANUP_TIMEOUT: [
      seconds(1, 86_400).prefault("300"),
      "Seconds after which a connection that has not been accepted yet is closed; 30 at most while its user is unknown.",
    ],
    BATCH_SIZE: [wholeNumber(1, 1_000).prefault("50"), "Most events in one batch."],
    FLUSH_INTERVAL: [
      seconds(0, 5).prefault("0.05"),
      "Longest wait of an event under load, in seconds, so that many are committed and sent together; 0: nothing waits.",
    ],
  }),
  ...section("Voice", {
    VOICE_MODE: [
      oneOf(["forwarded", "mesh"]).prefault("forwarded"),
      "How participants of a call get each other's sound: from this server (forwarded), or each from every other one (mesh).",
    ],
    VOICE_PORT: [
      wholeNumber(0, 65_535).prefault("7882"),
      "UDP port for the media of forwarded calls, which the firewall must let in; 0 takes a free one. Each further worker takes the next one.",
    ],
    VOICE_ADDRESS: [
      hosts.prefault(""),
      "Addresses at which browsers reach VOICE_PORT, as IP addresses or host names; JSON array or comma-separated list. When empty, that of PUBLIC_URL and those of this machine.",
    ],
    VOICE_REGION: [
      regionName.prefault("main"),
      "Name of the region of this instance itself, beside those of voice nodes; the same on all nodes.",
    ],
    VOICE_ENCRYPTION: [
      oneOf(["private", "channels"]).prefault("private"),
      "Which calls are encrypted from end to end: those of voice channels that are set to it, and all private ones but of conversations where somebody has turned that off (private), or the former alone (channels).",
    ],
    VOICE_ROOM_LIMIT: [wholeNumber(2, 1_000).prefault("50"), "Most participants of a voice channel."],
    VOICE_MESH_LIMIT: [
      wholeNumber(0, 1_000).prefault("10"),
      "Most participants of a call that is a mesh, because nothing can forward it or VOICE_MODE says so: each one sends to every other one. 0: no call is one, and a call waits until it can be forwarded.",
    ],
    STUN_URLS: [
      iceUrls(["stun", "stuns"]).prefault("none"),
      'STUN servers that tell browsers their public address, for calls that are a mesh; JSON array or comma-separated list, "none" for none.',
    ],
    TURN_URLS: [
      iceUrls(["turn", "turns"]).prefault(""),
      "TURN servers that relay calls where no direct connection is possible; JSON array or comma-separated list.",
    ],
    TURN_SECRET: [
      z.string().min(16, "must have at least 16 characters").optional(),
      "Secret shared with the TURN server (coturn's static-auth-secret), for credentials that expire.",
      { secret: true },
    ],
    TURN_TTL: [seconds(60, 604_800).prefault("43200"), "Seconds that a call's TURN credentials last."],
    VOICE_RELAY_ONLY: [
      oneOf(["auto", "off"]).prefault("auto"),
      "Whether calls go through the TURN server only, which hides the participants' addresses from each other: always where TURN is set up (auto), or never (off).",
    ],
  }),
  ...section("Circuit breaker: protects a database that fails", {
    FAILURE_THRESHOLD: [wholeNumber(1).prefault("10"), "Failures within the window that open it."],
    FAILURE_WINDOW: [seconds(1, 3_600).prefault("60"), "Seconds over which failures are counted."],
    RECOVERY_TIMEOUT: [seconds(1, 3_600).prefault("120"), "Seconds until it tests the database again."],
  }),
  ...section("Monitoring", {
    LOG_DIR: [
      z.string().prefault("logs"),
      "Folder of websocket.log; a path that is not absolute starts at the folder in which Miscord was started.",
    ],
    LOG_LEVEL: [
      oneOf(["trace", "debug", "info", "warn", "error", "silent"]).prefault("info"),
      "Least severe entry that is logged.",
    ],
    ...alertSettings,
    METRICS_TOKEN: [
      z.string().min(16, "must have at least 16 characters").optional(),
      "Bearer token that opens /metrics, the single checks of /health, and /admin/shed. Without it, and without PUBLIC_URL and TRUSTED_PROXIES, the first two are open to this machine itself.",
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
