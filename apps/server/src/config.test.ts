import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readConfig, type Config } from "./config.ts";
import { exampleEnv, helpText } from "./config/text.ts";

function configOf(environment: Record<string, string>, args: string[] = []): Config {
  const outcome = readConfig(environment, args);
  if ("config" in outcome) return outcome.config;
  throw new Error(JSON.stringify(outcome));
}

function faultsOf(environment: Record<string, string>, args: string[] = []): string[] {
  const outcome = readConfig(environment, args);
  return "faults" in outcome ? outcome.faults : [];
}

describe("the configuration", () => {
  test("has the documented defaults", () => {
    expect(configOf({})).toMatchObject({
      port: 8_000,
      host: undefined,
      registration: "open",
      maxConnections: 10_000,
      heartbeatIntervalMs: 15_000,
      cleanupTimeoutMs: 300_000,
      batchSize: 50,
      flushIntervalMs: 50,
      failureThreshold: 10,
      failureWindowMs: 60_000,
      recoveryTimeoutMs: 120_000,
      legacyTokenTtlMs: 7 * 86_400_000,
      rates: { messages: { perSecond: 10, burst: 20 }, connections: { perSecond: 1, burst: 60 } },
    });
  });

  test("reports every fault at once, by the setting's name", () => {
    const faults = faultsOf(
      { PORT: "http", REGISTRATION: "maybe", RATE_MESSAGES: "lots", SECRET_KEY: "short", TRUSTED_PROXIES: "me" },
      ["--public-url", "chat.example.org"],
    );
    expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
      "PORT",
      "PUBLIC_URL",
      "TRUSTED_PROXIES",
      "REGISTRATION",
      "SECRET_KEY",
      "RATE_MESSAGES",
    ]);
    expect(faults[0]).toBe("PORT (--port) must be a whole number from 0 to 65535");
    expect(faults.join()).not.toContain("short");
  });

  test("refuses several workers on PostgreSQL without Redis, and allows them on the embedded database", () => {
    const database = { DATABASE_URL: "postgres://localhost/miscord" };
    expect(faultsOf(database, ["--workers", "4"])).toEqual([expect.stringMatching(/^WORKERS .* needs REDIS_URL$/)]);
    expect(configOf({ ...database, REDIS_URL: "redis://localhost" }, ["--workers", "4"]).workers).toBe(4);
    expect(configOf({}, ["--workers", "4"]).workers).toBe(4);
  });

  test.each([
    "https://chat.example.org/miscord",
    "https://example.org/?a=b",
    "https://example.org/#a",
    "https://u@example.org",
  ])("refuses PUBLIC_URL %s, whose links could not work", (text) => {
    expect(faultsOf({ PUBLIC_URL: text })[0]).toMatch(/^PUBLIC_URL .*without a path/);
  });

  test.each(["https://chat.example.org", "https://chat.example.org/", "http://10.0.0.1:8000"])(
    "takes PUBLIC_URL %s",
    (text) => {
      expect(configOf({ PUBLIC_URL: text }).publicUrl).toBe(text.replace(/\/$/, ""));
    },
  );

  test("keeps uploads in the data folder unless STORAGE names another place", () => {
    for (const STORAGE of ["", "folder"]) expect(configOf({ STORAGE }).storage).toBeUndefined();
    expect(configOf({ STORAGE: "file:///srv/uploads" }).storage).toEqual({ kind: "folder", path: "/srv/uploads" });
    const bucket = { STORAGE: "s3://uploads?endpoint=https://s3.example.org" };
    expect(configOf({ ...bucket, S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" })).toMatchObject({
      storage: { kind: "s3", bucket: "uploads", prefix: "", url: "https://s3.example.org/uploads" },
      s3AccessKeyId: "id",
      s3SecretAccessKey: "secret",
    });
    expect(faultsOf({ STORAGE: "uploads" })).toEqual([expect.stringMatching(/^STORAGE must be folder, or an address/)]);
  });

  test("takes a NODE_NAME of letters, digits, dots and dashes", () => {
    for (const NODE_NAME of ["a", "node-1.example", "N".repeat(60)])
      expect(configOf({ NODE_NAME }).nodeName).toBe(NODE_NAME);
    for (const NODE_NAME of ["-a", "a b", 'a"}', "ä", "a_b", "N".repeat(61)])
      expect(faultsOf({ NODE_NAME })).toEqual([expect.stringMatching(/^NODE_NAME must be at most 60/)]);
  });

  test("searches GIFs nowhere unless a provider and its key are set", () => {
    expect(configOf({ GIF_API_KEY: "k" }).gifProvider).toBeNull();
    expect(configOf({ GIF_PROVIDER: "klipy", GIF_API_KEY: "k" })).toMatchObject({
      gifProvider: { kind: "klipy", url: undefined },
      gifApiKey: "k",
    });
    const url = "https://gifs.example.org/v2";
    expect(configOf({ GIF_PROVIDER: "giphy", GIF_API_KEY: "k", GIF_API_URL: url }).gifProvider).toMatchObject({ url });
    expect(faultsOf({ GIF_PROVIDER: "giphy" })).toEqual([expect.stringMatching(/it needs GIF_API_KEY$/)]);
    expect(faultsOf({ GIF_PROVIDER: "tenor" })[0]).toMatch(/^GIF_PROVIDER must be one of giphy, klipy/);
  });

  test("refuses REDIS_URL without DATABASE_URL", () => {
    const [REDIS_URL, DATABASE_URL] = ["redis://127.0.0.1", "postgres://127.0.0.1/chat"];
    expect(faultsOf({ REDIS_URL })).toEqual(["REDIS_URL joins nodes that share a PostgreSQL: it needs DATABASE_URL"]);
    expect(configOf({ REDIS_URL, DATABASE_URL })).toMatchObject({ redisUrl: REDIS_URL, databaseUrl: DATABASE_URL });
  });

  test("prefers the command line to the environment and treats empty values as absent", () => {
    expect(configOf({ PORT: "1", HOST: "" }, ["--port", "2", "--data=./elsewhere"])).toMatchObject({
      port: 2,
      host: undefined,
      dataDir: join(process.cwd(), "elsewhere"),
    });
    expect(faultsOf({}, ["--prot", "1"])).toEqual(["Unknown option '--prot'"]);
    expect(faultsOf({}, ["stray"])).toHaveLength(1);
    expect(readConfig({ PORT: "x" }, ["--help"])).toEqual({ help: true });
  });

  test.each([
    ['["https://a.example", "http://b.example:3000/"]'],
    ["https://a.example, http://b.example:3000"],
    ["https://a.example,http://b.example:3000/,"],
  ])("reads origins from %s", (text) => {
    expect(configOf({ CORS_ORIGINS: text }).corsOrigins).toEqual(["https://a.example", "http://b.example:3000"]);
  });

  test.each(["[", "a.example", "[1]", '{"a":1}'])("refuses the origins %s", (text) => {
    expect(faultsOf({ CORS_ORIGINS: text })).toHaveLength(1);
  });

  test("reads rates by second, minute and hour", () => {
    const rates = (text: string) => configOf({ RATE_LOGINS: text }).rates.logins;
    expect(rates("5/s")).toEqual({ perSecond: 5, burst: 5 });
    expect(rates("30/min, 10")).toEqual({ perSecond: 0.5, burst: 10 });
    expect(rates("36/h")).toEqual({ perSecond: 0.01, burst: 36 });
    for (const text of ["0/s", "5", "5/day", "5/s,0", "-5/s"]) expect(faultsOf({ RATE_LOGINS: text })).toHaveLength(1);
  });
});

describe("a secret setting", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "miscord-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is read from its _FILE setting, and refused when set in both ways", () => {
    const file = join(folder, "key");
    const key = "k".repeat(40);
    writeFileSync(file, `${key}\n`);
    expect(configOf({ SECRET_KEY_FILE: file }).secretKey).toBe(key);
    expect(faultsOf({ SECRET_KEY_FILE: file, SECRET_KEY: key })[0]).toContain("SECRET_KEY_FILE");
    expect(faultsOf({ METRICS_TOKEN_FILE: join(folder, "absent") })[0]).toContain("METRICS_TOKEN_FILE");
  });
});

test("example.env and --help list every setting, and example.env is up to date", () => {
  for (const name of ["PORT", "CORS_ORIGINS", "SECRET_KEY", "METRICS_TOKEN", "FLUSH_INTERVAL"]) {
    expect(exampleEnv()).toContain(`# ${name}=`);
    expect(helpText()).toContain(name);
  }
  expect(readFileSync(join(import.meta.dirname, "../../../example.env"), "utf8")).toBe(exampleEnv());
});
