import { isIPv4, type AddressInfo } from "node:net";
import { systemClock } from "../clock.ts";
import { announcedAddresses } from "../voice/forwarding/announced-addresses.ts";
import type { FromUnit } from "../voice/forwarding/messages.ts";
import type { FromNode, ToNode } from "../voice/regions/link-messages.ts";
import { version } from "../version.ts";
import { InstanceLink } from "./instance-link.ts";
import type { NodeSettings } from "./node-settings.ts";
import { NodeUnit } from "./node-unit.ts";
import { openPingServer } from "./ping-server.ts";
import { openStunResponder } from "./stun-responder.ts";

export interface VoiceNode {
  /** Resolves with why the voice node cannot go on; it has stopped then. */
  readonly failure: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Joins the instance and forwards calls for it, until it is stopped. What is in this process ends with each link: the instance
 * hands its calls to another region at once, and begins anew with the next link.
 * @throws Error when a port is taken
 */
export async function startVoiceNode(settings: NodeSettings, say: (line: string) => void): Promise<VoiceNode> {
  const pings = await openPingServer({ port: settings.PORT, host: settings.HOST });
  const { port } = pings.address() as AddressInfo;
  const stun = await openStunResponder({ port: settings.PORT, host: settings.HOST });
  const regionUrl = await regionUrlOf(settings, port);
  const failure = Promise.withResolvers<string>();
  let unit: NodeUnit | null = null;
  /** Changes with each link: a unit may be ready only when the link is gone. */
  let links = 0;
  const closeUnit = () => {
    links += 1;
    unit?.close();
    unit = null;
  };
  let stopping: Promise<void> | null = null;
  const stop = () =>
    (stopping ??= (async () => {
      closeUnit();
      pings.close();
      pings.closeAllConnections();
      stun.close();
      await link.stop();
    })());
  const fail = (reason: string) => void stop().then(() => failure.resolve(reason));
  const welcome = async (one: Extract<ToNode, { kind: "welcome" }>) => {
    closeUnit();
    const current = links;
    const send = (message: FromUnit) => {
      if (current === links && isForInstance(message, one)) link.send(message);
    };
    const opened = await NodeUnit.open(settings, one, { clock: systemClock, send });
    if (current !== links) return opened.close();
    unit = opened;
    const address = opened.addresses.find((one) => isIPv4(one));
    const stunUrl = address === undefined ? null : `stun:${address}:${stun.address().port}`;
    link.send({ kind: "ready", stunUrl });
    const where = `UDP port ${opened.port} at ${opened.addresses.join(", ")}`;
    say(`Forwarding calls of ${settings.INSTANCE_URL} in the region ${one.region}: ${where}`);
  };
  const link = new InstanceLink({
    instanceUrl: settings.INSTANCE_URL,
    token: settings.VOICE_NODE_TOKEN,
    clock: systemClock,
    version,
    regionUrl,
    onWelcome: (one) => void welcome(one).catch((error: unknown) => fail(explain(error))),
    onMessage: (message) => unit?.receive(message),
    onLost(reason) {
      closeUnit();
      say(`There is no link to ${settings.INSTANCE_URL} (${reason}). Trying again.`);
    },
    onRefused: fail,
  });
  link.start();
  return { failure: failure.promise, stop };
}

/** Null: pages have none that they may ask, since pages over https reach https only. They ask over STUN then. */
async function regionUrlOf(settings: NodeSettings, port: number): Promise<string | null> {
  if (settings.REGION_URL !== undefined) return settings.REGION_URL;
  if (settings.INSTANCE_URL.startsWith("https:")) return null;
  const [address] = await announcedAddresses({ voiceAddresses: settings.VOICE_ADDRESS, publicUrl: undefined });
  if (address === undefined) return null;
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** All that a unit says of its work, and the instance knows; how it began is for this process. */
function isForInstance(
  message: FromUnit,
  { takesUnreached }: Extract<ToNode, { kind: "welcome" }>,
): message is Exclude<FromUnit, { kind: "ready" | "failed" }> & FromNode {
  if (message.kind === "unreached") return takesUnreached === true;
  return message.kind !== "ready" && message.kind !== "failed";
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
