import { describe, expect, test } from "vitest";
import { readConfig, type Config } from "./config.ts";
import { notesOf, settingNames } from "./config/settings.ts";
import { settingDigests } from "./setting-digests.ts";

const secrets: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgres://miscord:password@database/miscord",
  REDIS_URL: "redis://:password@redis",
  SECRET_KEY: "0123456789abcdef0123456789abcdef",
  S3_ACCESS_KEY_ID: "access",
  S3_SECRET_ACCESS_KEY: "password",
  TURN_SECRET: "0123456789abcdef",
  ALERT_WEBHOOK: "https://alerts.example.org/password",
  GIF_API_KEY: "0123456789abcdef",
  METRICS_TOKEN: "0123456789abcdef",
  SMTP_URL: "smtps://miscord:password@smtp.example.org",
  OIDC_PROVIDERS: JSON.stringify([
    { id: "staff", name: "Staff", issuer: "https://id.example.org", client_id: "miscord", client_secret: "password" },
  ]),
};

function configOf(environment: Record<string, string>): Config {
  const outcome = readConfig(environment, []);
  if ("config" in outcome) return outcome.config;
  throw new Error(JSON.stringify(outcome));
}

describe("the digests of settings", () => {
  test("tell nothing of a secret", () => {
    expect(Object.keys(secrets).toSorted()).toEqual(settingNames.filter((name) => notesOf(name).secret).toSorted());
    // Mail, logins through other services and GIFs need these.
    const others = { PUBLIC_URL: "https://chat.example.org", SMTP_FROM: "chat@example.org" };
    const gifs = { GIF_PROVIDER: "giphy", GIF_API_KEY: "another" };
    expect(settingDigests(configOf({ ...others, ...gifs, ...secrets }))).toEqual(
      settingDigests(configOf({ ...others, ...gifs })),
    );
  });

  test("are the same on every node of an instance", () => {
    const another = { NODE_NAME: "node-2", HOST: "10.0.0.2", PORT: "8001", DATA_DIR: "/srv/two", LOG_DIR: "/var/two" };
    expect(settingDigests(configOf(another))).toEqual(settingDigests(configOf({})));
  });

  test.each([
    ["batchSize", { BATCH_SIZE: "20" }],
    ["publicUrl", { PUBLIC_URL: "https://chat.example.org" }],
    ["turnUrls", { TURN_URLS: "turn:turn.example.org" }],
    ["accessTokenTtlMs", { ACCESS_TOKEN_TTL: "60" }],
  ])("tell a change of %s", (field, environment: Record<string, string>) => {
    const before = settingDigests(configOf({}));
    const after = settingDigests(configOf(environment));
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([field]);
  });
});
