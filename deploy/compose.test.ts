import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { notesOf, settingNames, settings, type SettingName } from "../apps/server/src/config/settings.ts";

interface Service {
  image: string;
  build?: { context: string; dockerfile: string };
  environment?: Record<string, string>;
  volumes?: string[];
  entrypoint?: string[];
  command?: string[];
  read_only?: boolean;
  cap_drop?: string[];
}

const folder = import.meta.dirname;
const isOurs = ({ image }: Service) => image.startsWith("miscord:");

function read(file: string): { text: string; services: Record<string, Service>; volumes: Record<string, unknown> } {
  const text = readFileSync(join(folder, file), "utf8");
  return {
    text,
    ...(parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> }),
  };
}

/** What `docker compose` puts in place of `${NAME:?}`. */
function filledIn(value: string): string {
  return value.replaceAll(
    /\$\{(\w+):\?\}/g,
    (_, name: string) =>
      ({ PUBLIC_URL: "https://chat.example.org", TURN_ADDRESS: "203.0.113.7" })[name] ??
      `${name.toLowerCase()}-`.padEnd(40, "x"),
  );
}

describe.each(["compose.yml", "compose.fleet.yml", "compose.voice-node.yml"])("deploy/%s", (file) => {
  const { text, services, volumes } = read(file);
  const all = Object.values(services);

  test("every image has the version that is pinned, ours that of the package", () => {
    const { version } = JSON.parse(readFileSync(join(folder, "../package.json"), "utf8")) as { version: string };
    for (const { image } of all) expect(image).toMatch(/:\d+\.\d+(\.\d+)?(-[\w.]+)?$/);
    for (const { image } of all.filter(isOurs)) expect(image).toBe(`miscord:${version}`);
  });

  test("nodes are given settings that exist, with values that are valid", () => {
    for (const { environment = {} } of all.filter(isOurs)) {
      expect(Object.keys(environment).filter((name) => !settingNames.includes(name as SettingName))).toEqual([]);
      const values = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filledIn(value)]));
      expect(settings.safeParse(values).error?.issues).toBeUndefined();
    }
  });

  test("no secret has a default: whatever is filled in must be given", () => {
    const variables = [...text.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, inside]) => inside!);
    expect(variables.filter((inside) => !/^\w+:\?$/.test(inside))).toEqual([]);
    for (const { environment = {} } of all) {
      const secrets = Object.entries(environment).filter(([name]) => isSecret(name));
      for (const [name, value] of secrets) expect(`${name}: ${value}`).toMatch(/\$\{\w+:\?\}/);
    }
  });

  test("no secret is among the options of a process, which everybody on the machine can read", () => {
    for (const { entrypoint = [], command = [] } of all)
      for (const [, name] of [...entrypoint, ...command].join(" ").matchAll(/(?<!\$)\$\{(\w+)/g))
        expect(isSecret(name!), name).toBe(false);
  });

  test("ours run on a read-only file system without capabilities, and mounts exist", () => {
    for (const service of all.filter(isOurs)) expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
    for (const { build } of all.filter(isOurs))
      expect(existsSync(join(folder, build!.context, build!.dockerfile))).toBe(true);
    const sources = all.flatMap((service) => service.volumes ?? []).map((mount) => mount.split(":")[0]!);
    const isThere = (source: string) => (source.startsWith(".") ? existsSync(join(folder, source)) : source in volumes);
    expect(sources.filter((source) => !isThere(source))).toEqual([]);
  });
});

function isSecret(name: string): boolean {
  return (
    name.endsWith("PASSWORD") ||
    (settingNames.includes(name as SettingName) && notesOf(name as SettingName).secret === true)
  );
}

test("the fleet's coturn refuses the same networks as turnserver.conf, and HAProxy gets the variables that it reads", () => {
  const { coturn, haproxy } = read("compose.fleet.yml").services;
  const refused = (text: string) => [...text.matchAll(/denied-peer-ip=\S+/g)].map(([line]) => line);
  const expected = refused(readFileSync(join(folder, "turnserver.conf"), "utf8"));
  expect(expected.length).toBeGreaterThan(10);
  expect(refused(coturn!.command!.join("\n"))).toEqual(expected);
  const config = readFileSync(join(folder, "haproxy.cfg"), "utf8");
  const names = [...config.matchAll(/\$\{(\w+)(?:\[\*\])?\}/g)].map(([, name]) => name!);
  expect(Object.keys(haproxy!.environment!).toSorted()).toEqual([...new Set(names)].toSorted());
});

test.each([
  ["coturn", "turnserver", "TURN_SECRET", "static-auth-secret=the-secret"],
  ["valkey", "valkey-server", "REDIS_PASSWORD", 'requirepass "the-secret"'],
])("the fleet's %s gets its secret, and not as an option", (service, program, variable, line) => {
  const { entrypoint = [], command = [] } = read("compose.fleet.yml").services[service]!;
  const [file, ...options] = [...entrypoint, ...command].map((text) => text.replaceAll("$$", "$"));
  const bin = mkdtempSync(join(tmpdir(), "miscord-compose-"));
  try {
    // In place of the program: tells its options, and what its configuration is.
    const told = '#!/bin/sh\necho "options: $*"\nif [ "$1" = -c ]; then cat "$2"; rm "$2"; else cat; fi\n';
    writeFileSync(join(bin, program), told);
    chmodSync(join(bin, program), 0o755);
    const env = { PATH: `${bin}:${process.env["PATH"]}`, [variable]: "the-secret" };
    const [given, ...configuration] = execFileSync(file!, options, { env, encoding: "utf8" }).trim().split("\n");
    expect(given).toContain("options: -");
    expect(given).not.toContain("the-secret");
    expect(configuration).toEqual([line]);
  } finally {
    rmSync(bin, { recursive: true });
  }
});
