import { existsSync, readFileSync } from "node:fs";
import { parseArgs, parseEnv } from "node:util";
import { z } from "zod";
import { hosts, iceUrls, rootUrl, seconds, wholeNumber } from "../config/values.ts";

/** Browsers try each of them. */
const mostTurnUrls = 8;

/** Every setting of a voice node: its schema, and what --help says of it. The first two are all that it needs. */
const entries = {
  INSTANCE_URL: [
    rootUrl(["http:", "https:"]),
    "Address of the instance, such as https://chat.example.org (--instance).",
  ],
  VOICE_NODE_TOKEN: [
    z.string().min(16, "must be what npm run admin -- add-voice-node NAME has printed"),
    "Token that npm run admin -- add-voice-node NAME has printed on the instance.",
  ],
  VOICE_PORT: [
    wholeNumber(0, 65_535).prefault("7882"),
    "UDP port for the media of calls, which the firewall must let in; 0 takes a free one.",
  ],
  VOICE_ADDRESS: [
    hosts.prefault(""),
    "Addresses at which browsers reach VOICE_PORT. When empty, the one from which the instance is reached, and those of this machine.",
  ],
  PORT: [
    wholeNumber(0, 65_535).prefault("7880"),
    "UDP port (STUN) and TCP port (HTTP) at which browsers measure how far away this machine is; 0 takes free ones.",
  ],
  HOST: [z.string().optional(), "Address to listen on for that; when empty, all addresses of the machine."],
  REGION_URL: [
    rootUrl(["http:", "https:"]).optional(),
    "Public address of that TCP port, for a proxy such as Caddy before it: pages over https reach https only. Without one they measure over STUN, a little less exactly.",
  ],
  TURN_URLS: [
    iceUrls(["turn", "turns"])
      .refine((urls) => urls.length <= mostTurnUrls, `must list ${mostTurnUrls} at most`)
      .prefault(""),
    "TURN servers near here, told to participants of the calls here in place of the instance's.",
  ],
  TURN_SECRET: [
    z.string().min(16, "must have at least 16 characters").optional(),
    "Their secret (coturn's static-auth-secret). It stays on this machine.",
  ],
  TURN_TTL: [seconds(60, 604_800).prefault("43200"), "Seconds that a participant's TURN credentials last."],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

type Name = keyof typeof entries;
const names = Object.keys(entries) as Name[];
const schema = z.object(
  Object.fromEntries(names.map((name) => [name, entries[name][0]])) as {
    [Key in Name]: (typeof entries)[Key][0];
  },
);

export type NodeSettings = z.output<typeof schema>;
export type NodeOutcome = { settings: NodeSettings } | { faults: string[] } | { help: string };

/** Reads the settings of a voice node from the command line and the environment. Reports all faults at once. */
export function readNodeSettings(
  environment: Readonly<Record<string, string | undefined>> = { ...readEnvFile(), ...process.env },
  args: readonly string[] = process.argv.slice(2),
): NodeOutcome {
  const options = { instance: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return { help };
    const given = { ...environment, ...(values.instance && { INSTANCE_URL: values.instance }) };
    const parsed = schema.safeParse(Object.fromEntries(names.map((name) => [name, textOf(name, given)])));
    if (parsed.success) return { settings: parsed.data };
    const issues = Map.groupBy(parsed.error.issues, ({ path }) => String(path[0]));
    return {
      faults: [...issues].map(([name, [first]]) => `${name} ${faultOf(textOf(name as Name, given), first!.message)}`),
    };
  } catch (error) {
    return { faults: [error instanceof Error ? error.message.split(". ")[0]! : String(error)] };
  }
}

function faultOf(given: string | undefined, message: string): string {
  return given === undefined ? "is missing" : message;
}

const secrets: ReadonlySet<Name> = new Set(["VOICE_NODE_TOKEN", "TURN_SECRET"]);

/** An empty value is the same as none; secrets may be in the file that `<NAME>_FILE` names. */
function textOf(name: Name, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const file = secrets.has(name) && !environment[name] ? environment[`${name}_FILE`] : undefined;
  return (file ? readFileSync(file, "utf8") : environment[name])?.trim() || undefined;
}

function readEnvFile(): Readonly<Record<string, string | undefined>> {
  return existsSync(".env") ? parseEnv(readFileSync(".env", "utf8")) : {};
}

const help = `Forwards calls of a Miscord instance elsewhere, near those who take part in them.

Usage: npm run voice-node -- [--instance URL]

It needs the address of the instance and a token, and nothing else; both are environment variables, or in a file named .env:

${names.map((name) => `  ${name}\n      ${entries[name][1]}`).join("\n")}

Let UDP ports 7880 and 7882 through the firewall. Run it under what restarts it when it
ends, such as systemd or docker; calls go on in another region meanwhile.
`;
